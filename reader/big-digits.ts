/** Digits five lines high, which a clerk and an elder read across a counter. */
const glyphs: Readonly<Record<string, readonly string[]>> = {
  '0': ['███', '█ █', '█ █', '█ █', '███'],
  '1': [' █ ', '██ ', ' █ ', ' █ ', '███'],
  '2': ['███', '  █', '███', '█  ', '███'],
  '3': ['███', '  █', ' ██', '  █', '███'],
  '4': ['█ █', '█ █', '███', '  █', '  █'],
  '5': ['███', '█  ', '███', '  █', '███'],
  '6': ['███', '█  ', '███', '█ █', '███'],
  '7': ['███', '  █', ' █ ', ' █ ', ' █ '],
  '8': ['███', '█ █', '███', '█ █', '███'],
  '9': ['███', '█ █', '███', '  █', '███'],
  '.': [' ', ' ', ' ', ' ', '█'],
  '-': ['   ', '   ', '███', '   ', '   '],
};

const height = 5;

/** The lines of an amount such as 12.50; each block is drawn two columns wide. */
export function bigDigits(text: string): string[] {
  const letters = [...text].map((letter) => glyphs[letter] ?? glyphs['-'] ?? []);
  return Array.from({ length: height }, (_, row) =>
    letters.map((letter) => [...(letter[row] ?? '')].map((block) => block.repeat(2)).join('')).join('  '),
  );
}

/** Everything that is made up follows from this number, so that every machine makes up the same city. */
const seed = 0x5a17c0de;

/**
 * Scatters the 32-bit integers over themselves: each value comes from exactly one other, and neighbours end
 * up far apart (the closing step of MurmurHash3).
 */
export function scattered(value: number): number {
  let bits = value >>> 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}

/** A different 32-bit integer for each `index` below 2^32. */
export function distinctBits(index: number): number {
  return scattered((index ^ seed) >>> 0);
}

/** Answers one question about any index: the same 32 bits each time, and unlike those of other questions. */
export function bitsOf(question: string): (index: number) => number {
  const salt = saltOf(question);
  return (index) => scattered((distinctBits(index) + salt) >>> 0);
}

/** Like `bitsOf`, as a number in [0, 1). */
export function drawOf(question: string): (index: number) => number {
  const bits = bitsOf(question);
  return (index) => bits(index) / 2 ** 32;
}

/** Picks a value for each index, in proportion to the whole-numbered weights. */
export function choiceOf<T>(
  question: string,
  weighted: readonly (readonly [T, number])[],
): (index: number) => T {
  const draw = drawOf(question);
  const values = weighted.flatMap(([value, weight]) => Array<T>(weight).fill(value));
  return (index) => values[Math.floor(draw(index) * values.length)] as T;
}

/** FNV-1a over the question's characters. */
function saltOf(question: string): number {
  let bits = 0x811c9dc5;
  for (const character of question) {
    bits = Math.imul(bits ^ (character.codePointAt(0) ?? 0), 0x01000193);
  }
  return bits >>> 0;
}

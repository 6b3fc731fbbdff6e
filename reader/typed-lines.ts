import type { Readable } from 'node:stream';
import { afterStrokes, begunAt, nothingTyped } from './key-strokes.rules.js';

/** From a keyboard, half a line that is so old belongs to nothing any more. */
const staleMs = 10_000;

export interface TypedLines {
  input: Readable;
  /** Whether somebody types there, and not another program. */
  keyboard: boolean;
  /** Told of what stands on the line that is not ended yet. */
  onTyping(line: string): void;
}

/** The lines that come in, one by one, until the input ends or Ctrl-C is pressed. */
export async function* typedLines({ input, keyboard, onTyping }: TypedLines): AsyncGenerator<string> {
  input.setEncoding('utf8');
  let typed = keyboard ? begunAt(performance.now()) : nothingTyped;
  for await (const strokes of input) {
    const after = afterStrokes(
      typed,
      String(strokes),
      performance.now(),
      keyboard ? staleMs : Number.POSITIVE_INFINITY,
    );
    typed = after.typed;
    onTyping(typed.line);
    yield* after.lines;
    if (after.interrupted && keyboard) return;
  }
  // A last line needs no end.
  if (typed.line !== '') yield typed.line;
}

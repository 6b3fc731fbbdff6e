/** What was typed since the last Enter. */
export interface Typed {
  line: string;
  /** When the last stroke came. */
  atMs: number;
  /** More came than any line has; the rest is dropped until Enter. */
  tooLong: boolean;
  /** It may be the end of a uid whose beginning another process took, so nothing in it counts. */
  isTail: boolean;
}

export interface Strokes {
  typed: Typed;
  lines: string[];
  /** Ctrl-C or Ctrl-D was pressed. */
  interrupted: boolean;
}

export const nothingTyped: Typed = { line: '', atMs: 0, tooLong: false, isTail: false };

/** What a keyboard begins with: the process before this one may have ended in the middle of a uid. */
export function begunAt(atMs: number): Typed {
  return { ...nothingTyped, atMs, isTail: true };
}

const lineMax = 128;
/** Control characters, some of which USB readers write around a uid. */
const startOfText = '\x02';
const endOfText = '\x03';
const endOfTransmission = '\x04';
const uidDigitsMin = 8;

/** A USB reader types a uid in less. What comes later was begun after the start. */
const tailMsMax = 2_000;

/** Stands for a line that is too long to be any, or only the end of one; no reading of it can succeed. */
const unreadable = '\uFFFD';

/**
 * Takes what came from the keyboard or a pipe, whole lines or single strokes.
 *
 * @param staleMs after so long a silence what was typed before is dropped: half a uid from a reader that was
 *   unplugged must not become the beginning of the next card's
 */
export function afterStrokes(before: Typed, strokes: string, nowMs: number, staleMs: number): Strokes {
  const isStale = nowMs - before.atMs > staleMs;
  let { line, tooLong, isTail } = isStale ? nothingTyped : before;
  if (line === '' && nowMs - before.atMs > tailMsMax) isTail = false;
  const lines: string[] = [];
  let interrupted = false;
  const begin = () => {
    line = '';
    tooLong = false;
    isTail = false;
  };
  const enter = () => {
    lines.push(tooLong || (isTail && line !== '') ? unreadable : line);
    begin();
  };
  for (const stroke of withoutEscapes(strokes)) {
    if (stroke === '\r' || stroke === '\n' || stroke === '\t') enter();
    else if (stroke === endOfText || stroke === endOfTransmission) {
      // Behind a uid it is what a reader writes at its end; by itself somebody pressed Ctrl-C.
      if (line.length >= uidDigitsMin || isTail) enter();
      else interrupted = true;
    } else if (stroke === startOfText) begin();
    else if (stroke === '\x7f' || stroke === '\b') line = line.slice(0, -1);
    else if (stroke < ' ') continue;
    else if (line.length >= lineMax) tooLong = true;
    else line += stroke;
  }
  return { typed: { line, atMs: nowMs, tooLong, isTail }, lines, interrupted };
}

/** Arrows and function keys. */
function withoutEscapes(strokes: string): string {
  return strokes.replace(new RegExp(`${String.fromCharCode(27)}(?:[[O][0-9;]*[ -/]*[@-~])?`, 'g'), '');
}

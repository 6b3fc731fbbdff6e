import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { afterStrokes, begunAt, nothingTyped } from '../../reader/key-strokes.rules.js';
import { typedLines } from '../../reader/typed-lines.js';
import { type InputLine, readLine, type UidInput } from '../../reader/uid-input.rules.js';

const hex: UidInput = { format: 'hex', prefix: '', suffix: '' };
const card = (uid: string, grossFen?: number): InputLine =>
  grossFen === undefined ? { kind: 'CARD', uid } : { kind: 'CARD', uid, grossFen };
const price = (grossFen: number): InputLine => ({ kind: 'PRICE', grossFen });

describe('a line that is typed', () => {
  it.each<[string, InputLine]>([
    ['04a1b2c3', card('04A1B2C3')],
    ['  04A1B2C3  ', card('04A1B2C3')],
    ['04:A1:B2:C3', card('04A1B2C3')],
    ['04-a1-b2-c3-d4-e5-f6', card('04A1B2C3D4E5F6')],
    [';04A1B2C3?', card('04A1B2C3')],
    ['%04A1B2C3?', card('04A1B2C3')],
    ['12345678', card('12345678')],
    ['12345678901234567890', card('12345678901234567890')],
    ['04A1B2C3 12.5', card('04A1B2C3', 1250)],
    ['04:A1:B2:C3 12', card('04A1B2C3', 1200)],
    ['12', price(1200)],
    ['12.5', price(1250)],
    ['12.05', price(1205)],
    ['0.01', price(1)],
    ['10000.00', price(1_000_000)],
    ['y', { kind: 'COMMAND', command: 'y' }],
    ['Q', { kind: 'COMMAND', command: 'q' }],
    ['?', { kind: 'COMMAND', command: 'h' }],
    ['', { kind: 'NOTHING' }],
    ['   ', { kind: 'NOTHING' }],
    ['10000.01', { kind: 'UNREADABLE' }],
    ['0', { kind: 'UNREADABLE' }],
    ['0.00', { kind: 'UNREADABLE' }],
    ['-5', { kind: 'UNREADABLE' }],
    ['1234567', { kind: 'UNREADABLE' }],
    ['1e3', { kind: 'UNREADABLE' }],
    ['12.345', { kind: 'UNREADABLE' }],
    ['04A1B2C3 -1', { kind: 'UNREADABLE' }],
    ['04 A1 B2 C3', { kind: 'UNREADABLE' }],
    ['04A1B2C', { kind: 'UNREADABLE' }],
    ['123456789012345678901', { kind: 'UNREADABLE' }],
    ['04A1B2CG', { kind: 'UNREADABLE' }],
    ['DROP TABLE tap', { kind: 'UNREADABLE' }],
    ['０４Ａ１Ｂ２Ｃ３', { kind: 'UNREADABLE' }],
  ])('%j', (text, expected) => {
    expect(readLine(text, hex)).toEqual(expected);
  });

  it.each<[UidInput['format'], string, string | undefined]>([
    ['hex-reversed', 'C3B2A104', '04A1B2C3'],
    ['hex-reversed', 'C3B2A1040', undefined],
    ['decimal', '0077705923', '04A1B2C3'],
    ['decimal', '4294967295', 'FFFFFFFF'],
    ['decimal', '4294967296', undefined],
    ['decimal', '04A1B2C3', undefined],
    ['decimal-reversed', '3283263748', '04A1B2C3'],
  ])('a uid as %s: %s', (format, text, uid) => {
    expect(readLine(text, { ...hex, format })).toEqual(uid ? card(uid) : { kind: 'UNREADABLE' });
  });

  it('with what the reader writes before and behind it, or without', () => {
    const framed = { ...hex, prefix: 'RF:', suffix: '#' };
    for (const text of ['RF:04A1B2C3#', 'RF:04A1B2C3', '04A1B2C3#', '04A1B2C3'])
      expect(readLine(text, framed)).toEqual(card('04A1B2C3'));
    expect(readLine('RF:#', framed)).toEqual({ kind: 'UNREADABLE' });
  });
});

describe('strokes', () => {
  const stale = 10_000;
  const linesOf = (...chunks: string[]) => {
    let typed = nothingTyped;
    return chunks.flatMap((chunk) => {
      const after = afterStrokes(typed, chunk, 0, stale);
      typed = after.typed;
      return after.interrupted ? [...after.lines, 'INTERRUPTED'] : after.lines;
    });
  };

  it.each<[string, string[], string[]]>([
    ['one by one', [...'04A1B2C3\r'], ['04A1B2C3']],
    ['in one burst, two cards', ['04A1B2C3\r\n04A1B2C4\r\n'], ['04A1B2C3', '', '04A1B2C4', '']],
    ['ended by a tab', ['04A1B2C3\t'], ['04A1B2C3']],
    ['between STX and ETX', ['\x0204A1B2C3\x03'], ['04A1B2C3']],
    ['STX throws away half a uid', ['04A1\x0204A1B2C3\x03'], ['04A1B2C3']],
    ['Ctrl-C on an empty line', ['\x03'], ['INTERRUPTED']],
    ['Ctrl-C behind a price', ['12\x03'], ['INTERRUPTED']],
    ['Ctrl-D', ['\x04'], ['INTERRUPTED']],
    ['corrected', ['12x\x7f.5\r'], ['12.5']],
    ['arrows and function keys', ['\x1b[A12\x1b[3~\x1bOP\r'], ['12']],
    ['bytes that are none', ['\x00\x0112\x1f\r'], ['12']],
  ])('%s', (_, chunks, lines) => {
    expect(linesOf(...chunks)).toEqual(lines);
  });

  it('forgets half a uid after a silence, and never in a pipe', () => {
    const half = afterStrokes(nothingTyped, '04A1', 1000, stale).typed;
    expect(afterStrokes(half, '04A1B2C3\r', 1000 + stale + 1, stale).lines).toEqual(['04A1B2C3']);
    expect(afterStrokes(half, 'B2C3\r', 1000 + stale, stale).lines).toEqual(['04A1B2C3']);
    const never = Number.POSITIVE_INFINITY;
    expect(afterStrokes(half, 'B2C3\r', 1e9, never).lines).toEqual(['04A1B2C3']);
  });

  it.each<[string, number, string, string[]]>([
    ['the end of a uid, which is a price by itself', 0, '78\r', ['UNREADABLE']],
    ['the end of a long uid, which is another card’s', 2_000, 'A1B2C3D4\r', ['UNREADABLE']],
    ['with the uid behind it that was typed next', 0, 'C3\r04A1B2C3\r', ['UNREADABLE', 'CARD']],
    ['the end of what is typed behind a uid', 0, '12\x03', ['UNREADABLE']],
    ['no more than its Enter', 0, '\r\n12\r', ['NOTHING', 'NOTHING', 'PRICE']],
    ['a whole uid, begun anew', 0, '78\x0204A1B2C3\x03', ['CARD']],
    ['what was begun after the start', 2_001, '15\r', ['PRICE']],
  ])('at the start of a keyboard: %s', (_, afterMs, strokes, kinds) => {
    const { lines, interrupted } = afterStrokes(begunAt(50), strokes, 50 + afterMs, stale);
    expect(lines.map((line) => readLine(line, hex).kind)).toEqual(kinds);
    expect(interrupted).toBe(false);
  });

  it.each([
    [true, ['UNREADABLE', 'PRICE']],
    [false, ['PRICE', 'PRICE']],
  ])('a reader that begins reads on in the middle of a uid; from a keyboard: %s', async (keyboard, kinds) => {
    const input = new PassThrough();
    input.end('78\r15\r');
    const found: string[] = [];
    for await (const line of typedLines({ input, keyboard, onTyping: () => undefined }))
      found.push(readLine(line, hex).kind);
    expect(found).toEqual(kinds);
  });

  it('holds no more than a line, whatever leans on the keyboard, and goes on after it', () => {
    let typed = nothingTyped;
    for (let chunk = 0; chunk < 1000; chunk++) typed = afterStrokes(typed, '4'.repeat(1000), 0, stale).typed;
    expect(typed.line.length).toBeLessThanOrEqual(128);
    const { lines } = afterStrokes(typed, '\r04A1B2C3\r', 0, stale);
    expect(lines.map((line) => readLine(line, hex).kind)).toEqual(['UNREADABLE', 'CARD']);
  });
});

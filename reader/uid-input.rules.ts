import { isCardUid } from '../src/meals/card.rules.js';
import { mealFenMax } from '../src/meals/meal-price.rules.js';

/**
 * How a USB reader writes a uid. Many write the four bytes of a card as a decimal number, and some of both
 * kinds begin with the last byte.
 */
export const uidFormats = ['hex', 'hex-reversed', 'decimal', 'decimal-reversed'] as const;
export type UidFormat = (typeof uidFormats)[number];

export interface UidInput {
  format: UidFormat;
  /** What the USB reader writes before and behind each uid. */
  prefix: string;
  suffix: string;
}

export const commands = ['y', 'n', 'm', 'k', 's', 'u', 'h', 'q'] as const;
export type Command = (typeof commands)[number];

/** What a line means. A card may come with a price of its own, which counts for it alone. */
export type InputLine =
  | { kind: 'CARD'; uid: string; grossFen?: number }
  | { kind: 'PRICE'; grossFen: number }
  | { kind: 'COMMAND'; command: Command }
  | { kind: 'NOTHING' }
  | { kind: 'UNREADABLE' };

/**
 * What somebody typed or a USB reader wrote before Enter. No price is mistaken for a card: a uid has eight
 * digits at least, and a price with so many characters has a point.
 */
export function readLine(text: string, input: UidInput): InputLine {
  const line = text.trim();
  if (line === '') return { kind: 'NOTHING' };
  const lower = line.toLowerCase();
  const command = commands.find((each) => each === lower || (each === 'h' && lower === '?'));
  if (command) return { kind: 'COMMAND', command };
  const priceAlone = fenOf(line);
  if (priceAlone !== undefined) return { kind: 'PRICE', grossFen: priceAlone };
  const whole = uidOf(line, input);
  if (whole !== undefined) return { kind: 'CARD', uid: whole };
  const [, before = '', price = ''] = /^(.*\S)\s+(\S+)$/.exec(line) ?? [];
  const uid = uidOf(before, input);
  const grossFen = fenOf(price);
  return uid !== undefined && grossFen !== undefined
    ? { kind: 'CARD', uid, grossFen }
    : { kind: 'UNREADABLE' };
}

/** Yuan as people write them, at most what a meal may cost; undefined for anything else. */
export function fenOf(text: string): number | undefined {
  const [, yuan, fen = ''] = /^(\d{1,5})(?:\.(\d{1,2}))?$/.exec(text) ?? [];
  if (yuan === undefined) return undefined;
  const value = Number(yuan) * 100 + Number(fen.padEnd(2, '0'));
  return value > 0 && value <= mealFenMax ? value : undefined;
}

/** The uid as the server knows it; undefined for what is none. */
export function uidOf(text: string, { format, prefix, suffix }: UidInput): string | undefined {
  const bare = separated(unframed(without(text, prefix, suffix)));
  const hex = format.startsWith('decimal') ? hexOfDecimal(bare) : bare.toUpperCase();
  if (hex === undefined || !isCardUid(hex)) return undefined;
  if (!format.endsWith('reversed')) return hex;
  return hex.length % 2 === 0 ? (hex.match(/../g) ?? []).reverse().join('') : undefined;
}

function without(text: string, prefix: string, suffix: string): string {
  const start = prefix !== '' && text.startsWith(prefix) ? prefix.length : 0;
  const end = suffix !== '' && text.endsWith(suffix) ? text.length - suffix.length : text.length;
  return text.slice(start, Math.max(start, end)).trim();
}

/** Some write a uid as if it were a magnetic stripe: ;04A1B2C3? or %04A1B2C3? */
function unframed(text: string): string {
  return /^[;%](.*)\?$/.exec(text)?.[1] ?? text;
}

/** 04:A1:B2:C3 and 04-A1-B2-C3 are 04A1B2C3; a space parts a card from its price. */
function separated(text: string): string {
  return /^[0-9a-f]{2}([:-][0-9a-f]{2}){3,9}$/i.test(text) ? text.replace(/[:-]/g, '') : text;
}

/** Four bytes as a decimal number, the only length that is written so. */
function hexOfDecimal(text: string): string | undefined {
  if (!/^\d{8,10}$/.test(text) || Number(text) > 0xffff_ffff) return undefined;
  return Number(text).toString(16).toUpperCase().padStart(8, '0');
}

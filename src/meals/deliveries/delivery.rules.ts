import type {
  ComeBackReason,
  DeliveryProof,
  DeliveryState,
} from '../../../entities/meals/delivery-order.entity.js';
import type { Meal } from '../../../entities/meals/meal-window.entity.js';
import { type Day, instantOn } from '../../shared/china-time.js';
import type { ServingWindow } from '../meal-window.rules.js';

/** Who takes a step: the elder's side, the canteen's, the courier to whom the meal was given, or the server by itself. */
export type DeliverySide = 'ELDER' | 'CANTEEN' | 'COURIER' | 'PLATFORM';

export const deliveryEvents = ['ASSIGN', 'START', 'HAND_OVER', 'BRING_BACK', 'CANCEL'] as const;
export type DeliveryEvent = (typeof deliveryEvents)[number];

export interface DeliveryStep {
  event: DeliveryEvent;
  from: DeliveryState;
  by: readonly DeliverySide[];
  to: DeliveryState;
  /** What else must be so, for the documentation; the functions that take the step see to it. */
  when: string;
}

const bringers = ['COURIER', 'CANTEEN'] as const;
const isAway = 'the elder lives in an institution or is in hospital that day, or the file has ended by then';

/** The life of a delivery. Code, documentation and tests read this one table; nothing leads out of the last three. */
export const deliverySteps: readonly DeliveryStep[] = [
  { event: 'ASSIGN', from: 'ORDERED', by: ['CANTEEN'], to: 'ASSIGNED', when: '' },
  { event: 'ASSIGN', from: 'ASSIGNED', by: ['CANTEEN'], to: 'ASSIGNED', when: 'somebody else brings it' },
  { event: 'START', from: 'ASSIGNED', by: bringers, to: 'OUT', when: 'on its day' },
  { event: 'HAND_OVER', from: 'OUT', by: bringers, to: 'HANDED_OVER', when: 'on its day, with proof' },
  { event: 'BRING_BACK', from: 'OUT', by: bringers, to: 'CAME_BACK', when: 'with a reason' },
  { event: 'CANCEL', from: 'ORDERED', by: ['ELDER'], to: 'CANCELLED', when: 'before the cutoff' },
  { event: 'CANCEL', from: 'ASSIGNED', by: ['ELDER'], to: 'CANCELLED', when: 'before the cutoff' },
  { event: 'CANCEL', from: 'ORDERED', by: ['CANTEEN'], to: 'CANCELLED', when: 'at any time' },
  { event: 'CANCEL', from: 'ASSIGNED', by: ['CANTEEN'], to: 'CANCELLED', when: 'at any time' },
  { event: 'CANCEL', from: 'ORDERED', by: ['PLATFORM'], to: 'CANCELLED', when: isAway },
  { event: 'CANCEL', from: 'ASSIGNED', by: ['PLATFORM'], to: 'CANCELLED', when: isAway },
];

/** The step that somebody on these sides may take; the canteen's before the elder's, which has a cutoff. */
export function stepFor(
  event: DeliveryEvent,
  from: DeliveryState,
  sides: readonly DeliverySide[],
): DeliveryStep | undefined {
  const open = deliverySteps.filter((step) => step.event === event && step.from === from);
  const of = (side: DeliverySide) =>
    sides.includes(side) ? open.find(({ by }) => by.includes(side)) : undefined;
  return of('CANTEEN') ?? of('COURIER') ?? of('ELDER') ?? of('PLATFORM');
}

/** In which states a meal is still on its way, so that somebody must know where the elder lives. */
export const statesUnderWay: readonly DeliveryState[] = ['ASSIGNED', 'OUT'];

/** The table in Markdown, for the documentation. */
export function deliveryStepTable(): string {
  const lines = deliverySteps.map(
    ({ event, from, by, to, when }) => `| ${from} | ${event} | ${by.join(', ')} | ${to} | ${when} |`,
  );
  return ['| from | event | who | to | when |', '|---|---|---|---|---|', ...lines].join('\n');
}

/** The first instant at which a meal of that day can be ordered and called off no more; undefined when it is not served. */
export function cutoffOf(
  windows: readonly ServingWindow[],
  { day, meal }: { day: Day; meal: Meal },
  cutoffMinutes: number,
): Date | undefined {
  const window = windows.find((each) => each.meal === meal);
  return window && instantOn(day, window.fromMinute - cutoffMinutes);
}

export const cutoffMinutesMax = 2880;
export const daysPerOrderMax = 31;
/** How many days ahead a meal can be ordered. */
export const daysAheadMax = 62;
/** After so many wrong codes only a photo proves that the meal was handed over. */
export const codeTriesMax = 5;
export const codeDigits = 4;

/** The digits of a code, from a keyed hash in hexadecimal. */
export function codeFrom(hash: string): string {
  // 48 bits over ten thousand codes: none is likelier than another by more than one in a hundred million.
  return String(Number.parseInt(hash.slice(0, 12), 16) % 10 ** codeDigits).padStart(codeDigits, '0');
}

/** A proof as it was given; a person types spaces between digits. */
export interface GivenProof {
  code: string | null;
  photoReference: string | null;
}

export type WellFormedProof = { proof: DeliveryProof; text: string };

/** Exactly one of a code of four digits and the name of a photo; undefined for anything else. */
export function proofOf({ code, photoReference }: GivenProof): WellFormedProof | undefined {
  if ((code === null) === (photoReference === null)) return undefined;
  if (code !== null) {
    const digits = code.slice(0, 40).replace(/\s/g, '');
    return /^\d{4}$/.test(digits) ? { proof: 'CODE', text: digits } : undefined;
  }
  const name = photoReference ?? '';
  return isPhotoReference(name) ? { proof: 'PHOTO', text: name } : undefined;
}

/** Under which a photo is used up: many stores of files do not tell capitals apart, nor does one of our engines. */
export function photoKey({ text }: WellFormedProof): string {
  return text.toLowerCase();
}

/** A name in a store of files, 8 to 120 characters; no path that leads elsewhere, no address, no picture. */
function isPhotoReference(text: string): boolean {
  return (
    /^[A-Za-z0-9][A-Za-z0-9_-]*(?:[./][A-Za-z0-9_-]+)*$/.test(text) && text.length >= 8 && text.length <= 120
  );
}

export const reasonTextLengthMax = 200;

/** The text beside a reason, null for none; undefined when it is missing for OTHER, or no fit text. */
export function reasonTextOf(reason: ComeBackReason, text: string | null): string | null | undefined {
  const given = text?.trim() ?? '';
  if (given === '') return reason === 'OTHER' ? undefined : null;
  const isFit = [...given].length <= reasonTextLengthMax && !/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u.test(given);
  return isFit ? given : undefined;
}

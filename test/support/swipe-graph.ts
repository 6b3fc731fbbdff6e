import { randomUUID } from 'node:crypto';
import { noon } from './town.js';

/** What a swipe is asked for. */
export const swipeFields = `swipeId outcome replayed message field receipt {
  serial canteen { code } elderName meal mealDate mode swipedAt grossFen funding { funder fen }
  subsidyFen discountFen selfPaidFen balanceFen rule gave { rule fen } voided }`;
export const recordSwipe = `mutation ($input: SwipeInput!) { recordSwipe(input: $input) { ${swipeFields} } }`;
export const recordSwipes = `mutation ($inputs: [SwipeInput!]!) { recordSwipes(inputs: $inputs) { ${swipeFields} } }`;

/** What a swipe is answered. */
export interface SwipeResult {
  swipeId: string;
  outcome: string;
  replayed: boolean;
  message: string;
  field: string | null;
  receipt: Record<string, unknown> | null;
}

let sequence = 0;
/** A tap on the card at noon, under an id and a number of its own. */
export function swipeInput(cardUid: string, change: object = {}) {
  sequence += 1;
  return {
    swipeId: randomUUID(),
    sequence,
    cardUid,
    swipedAt: noon.toISOString(),
    grossFen: 1200,
    ...change,
  };
}

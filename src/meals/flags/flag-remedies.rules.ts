import type { FlagState } from '../../../entities/meals/fraud-flag.entity.js';
import type { SwipeOutcome } from '../../../entities/meals/swipe.entity.js';

export const flagRemedies = ['DECIDE_REVIEW', 'VOID_SWIPE', 'DISPUTE_LINE'] as const;
export type FlagRemedy = (typeof flagRemedies)[number];

/**
 * What can be done about a swipe once the sign is confirmed. None of it is done by the confirmation: each posts money,
 * and has an operation of its own with its own rules.
 */
export function remediesOf(
  state: FlagState,
  swipe: { outcome: SwipeOutcome; voided: boolean; reviewOpen: boolean; subsidyFen: number },
): FlagRemedy[] {
  const isRecorded = swipe.outcome === 'ACCEPTED' || swipe.outcome === 'RECORDED_FOR_REVIEW';
  if (state !== 'CONFIRMED' || !isRecorded || swipe.voided) return [];
  if (swipe.reviewOpen) return ['DECIDE_REVIEW', 'VOID_SWIPE'];
  return swipe.subsidyFen > 0 ? ['VOID_SWIPE', 'DISPUTE_LINE'] : ['VOID_SWIPE'];
}

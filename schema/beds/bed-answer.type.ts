import type { BedReach } from '../../src/beds/lock-elder.js';
import type { Stay } from '../../src/beds/read-stays.js';
import { isRefusal, type Refusal } from '../../src/shared/refusal.js';
import type { Context } from '../context.js';
import { shownRefusal } from '../shared/refusal.js';
import { type BedStayType, shownStay } from './bed.type.js';
import type { BedRefusalType } from './bed-refusal.type.js';

/** A UUID the caller makes. */
export const requestIdText = 'A UUID the caller makes; sending it again returns the first answer.';

/** Whoever gives a bed past the line says why. */
export const skipReasonText =
  'Why those who wait for such a bed and come first are passed over, at most 200 characters; kept and shown to them.';

/** Where the caller may ask `operation` about beds, and about whom. */
export async function bedReach(context: Context, operation: string): Promise<BedReach> {
  return { beds: context.scopeFor(operation), elders: await context.elderScopeFor(operation) };
}

/** What the audit log is told of a write about a stay: whose it is and where, when it was done. */
export function toldOfStay(result: Stay | Refusal<string>) {
  if (isRefusal(result)) return {};
  const { id, facilityId, elderId } = result;
  return { facilityId, elderId, subject: `stay:${id}` };
}

export function shownStayResult(
  result: Stay | Refusal<BedRefusalType['code']>,
  context: Context,
): BedStayType | BedRefusalType {
  // What was loaded before the change must not answer after it.
  context.forgetLoaders();
  return isRefusal(result) ? shownRefusal(result, context.language) : shownStay(result);
}

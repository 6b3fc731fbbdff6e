import type { ElderCategory } from '../../entities/elders/elder-category-membership.entity.js';
import { type Assessment, abilityLevelOn } from '../elders/ability.rules.js';
import { addDays, completedYears, type Day } from '../shared/china-time.js';
import type { Text } from '../shared/text.js';
import { daysBetween } from './bed.rules.js';

/** A row of waitlist_class: its conditions hold together, and null asks nothing. */
export interface ClassRow {
  place: number;
  rank: number;
  category: ElderCategory | null;
  levelMin: number | null;
  ageMin: number | null;
  atOnce: boolean;
  name: Text;
}

/** What the class rules ask about. */
export interface Applicant extends Assessment {
  birthDate: Day;
  categories: readonly ElderCategory[];
}

/** The class of an elder on a day: of the first row whose conditions hold; the last row asks nothing. */
export function classOf(applicant: Applicant, rows: readonly ClassRow[], on: Day): ClassRow {
  const level = abilityLevelOn(applicant, on);
  const age = completedYears(applicant.birthDate, on);
  const found = rows.find(
    ({ category, levelMin, ageMin }) =>
      (category === null || applicant.categories.includes(category)) &&
      (levelMin === null || (level !== null && level >= levelMin)) &&
      (ageMin === null || age >= ageMin),
  );
  if (!found) throw new Error('the class rules leave somebody out: their last row must ask nothing');
  return found;
}

export interface InLine {
  id: number;
  joinedAt: number;
  class: Pick<ClassRow, 'rank' | 'atOnce'>;
}

/** Who comes first: whoever is let in at once, then by class, inside a class by time of application. */
export function byLine(one: InLine, other: InLine): number {
  return (
    Number(other.class.atOnce) - Number(one.class.atOnce) ||
    one.class.rank - other.class.rank ||
    one.joinedAt - other.joinedAt ||
    one.id - other.id
  );
}

/** As in waitlist_rule. */
export interface WaitlistTerms {
  offerHours: number;
  moveInDaysMax: number;
  refusalsMax: number;
  refusalDays: number;
  closedDays: number;
  silenceRefuses: boolean;
  passesOn: boolean;
}

/** A refusal of an offer: said, or an offer that expired without an answer. */
export interface Refused {
  on: Day;
  isSaid: boolean;
}

/** The last day on which refusals closed the list to an elder; null when none did. */
export function closedOn(refused: readonly Refused[], terms: WaitlistTerms): Day | null {
  const days = refused
    .filter(({ isSaid }) => isSaid || terms.silenceRefuses)
    .map(({ on }) => on)
    .sort();
  const closing = days.filter((day, index) => {
    const first = days[index - terms.refusalsMax + 1];
    return first !== undefined && daysBetween(first, day) < terms.refusalDays;
  });
  return closing.at(-1) ?? null;
}

/** The first day on which the list is open again to an elder to whom it is closed today; null when it is open. */
export function closedUntil(refused: readonly Refused[], terms: WaitlistTerms, today: Day): Day | null {
  const closed = closedOn(refused, terms);
  if (closed === null) return null;
  const until = addDays(closed, terms.closedDays);
  return until > today ? until : null;
}

/**
 * How long somebody at a position waits when beds go on becoming free as they did over the last year, in days rounded up;
 * null when none did.
 */
export function expectedWaitDays(position: number, freedInYear: number): number | null {
  return freedInYear === 0 ? null : Math.ceil((position * 365) / freedInYear);
}

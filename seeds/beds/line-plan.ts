import type { BedType } from '../../entities/beds/bed.entity.js';
import { byLine, type ClassRow, classOf } from '../../src/beds/waitlist.rules.js';
import { addDays, type Day, dayOf, instantOn } from '../../src/shared/china-time.js';
import { bitsOf, drawOf } from '../deterministic.js';
import type { Applicant } from './applicants.js';
import { type HomePlan, levelFor, type PlannedStay } from './stay-plan.js';

/** Somebody who waits or waited for a bed, before the entry has an id. */
export interface PlannedEntry {
  applicant: Applicant;
  type: BedType;
  level: number;
  joinedAt: Date;
  /** The stay that came of it; null while the elder waits. */
  stay: PlannedStay | null;
}

/** A bed that is or was kept for somebody, and, where `entry` says so, was offered from the line. */
export interface PlannedHold {
  bed: number;
  applicant: Applicant;
  from: Day;
  heldAt: Date;
  expiresAt: Date;
  end: { kind: 'ADMITTED' | 'RELEASED'; at: Date } | null;
  /** The stay that came of it, and whose id it has. */
  stay: PlannedStay | null;
  entry: PlannedEntry | null;
  /** Why it was declined. */
  declined: string | null;
  /** Who was passed over for it, and why. */
  skipped: readonly PlannedEntry[];
  skipReason: string | null;
}

export interface LinePlan {
  entries: PlannedEntry[];
  holds: PlannedHold[];
}

const joinBits = bitsOf('day of application');
const drawLine = drawOf('came from the line');
const hourMs = 3_600_000;

/** From here on a home has a line, and its free beds are offered. */
const full = 0.8;

/** Who waits at a home that is full; taken from the pool before anybody moves in. */
export function planEntries({ home, pool, today }: HomePlan): PlannedEntry[] {
  if (home.occupancy < full) return [];
  const counts = {
    NURSING: Math.min(8 + Math.floor(home.size / 9), 40),
    GENERAL: 2 + Math.floor(home.size / 40),
  };
  const until = addDays(today, -20);
  return (['NURSING', 'GENERAL'] as const).flatMap((type) =>
    Array.from({ length: counts[type] }).flatMap((): PlannedEntry[] => {
      const applicant = pool.take('ANY', ({ registeredOn }) => registeredOn <= until);
      if (!applicant) return [];
      const { elderId, registeredOn } = applicant;
      const wished = addDays(today, -(5 + (joinBits(elderId) % 290)));
      const joinedOn = wished > addDays(registeredOn, 4) ? wished : addDays(registeredOn, 4);
      const joinedAt = instantOn(joinedOn, 9 * 60 + (joinBits(elderId + 1) % 420));
      return [{ applicant, type, level: levelFor(type, elderId), joinedAt, stay: null }];
    }),
  );
}

/** The entries of a line in its order, as the class rules of the day say. */
export function inLine(entries: readonly PlannedEntry[], classes: readonly ClassRow[], today: Day) {
  const placed = entries.map((entry, id) => {
    const { birthDate, categories } = entry.applicant;
    const assessment = { abilityLevel: entry.level, abilityExpiresOn: null };
    const found = classOf({ birthDate, categories, ...assessment }, classes, today);
    return { entry, id, joinedAt: entry.joinedAt.getTime(), class: found };
  });
  return placed.sort(byLine).map(({ entry }) => entry);
}

/**
 * What was offered to the line of nursing beds: one bed was declined, one went unanswered, one is offered to the next,
 * and one past those who cannot climb stairs. `free` are beds that nobody ever had.
 */
export function planOffers(
  { home, beds, today }: HomePlan,
  line: readonly PlannedEntry[],
  { free, now }: { free: number[]; now: Date },
): PlannedHold[] {
  if (home.occupancy < full) return [];
  const holds: PlannedHold[] = [];
  const held = new Set<PlannedEntry>();
  const offer = (heldAt: Date, place: number): PlannedHold | undefined => {
    const bed = free.find((one) => beds[one]?.type === 'NURSING');
    const gender = beds[bed ?? -1]?.gender;
    const suitable = line.filter(
      (entry) =>
        entry.joinedAt < heldAt &&
        !held.has(entry) &&
        (gender === 'ANY' || gender === entry.applicant.gender),
    );
    const entry = suitable[place];
    if (bed === undefined || !entry) return undefined;
    free.splice(free.indexOf(bed), 1);
    const hold = holdOf({ bed, applicant: entry.applicant, heldAt, expiresAt: after(heldAt, 72) });
    const skipped = suitable.slice(0, place);
    const skipReason = skipped.length > 0 ? '该床位所在楼层没有电梯，前面的老人不便上下楼' : null;
    holds.push({ ...hold, entry, skipped, skipReason });
    return holds.at(-1);
  };
  for (const [hours, place] of [
    [9, 0],
    [6, 2],
  ] as const) {
    const standing = offer(after(now, -hours), place);
    if (standing?.entry) held.add(standing.entry);
  }
  const declinedAt = instantOn(addDays(today, -20), 10 * 60);
  const declined = offer(declinedAt, 0);
  if (declined) {
    declined.declined = '离子女住处太远';
    declined.end = { kind: 'RELEASED', at: after(declinedAt, 27) };
  }
  offer(instantOn(addDays(today, -40), 11 * 60), 1);
  return holds;
}

/** Of those who moved into a full home within the last months, a part waited for it first. */
export function planAdmitted({ home, beds, today }: HomePlan, stays: readonly PlannedStay[]): LinePlan {
  const found: LinePlan = { entries: [], holds: [] };
  if (home.occupancy < full) return found;
  for (const stay of stays) {
    const { applicant, from } = stay;
    const { elderId, registeredOn } = applicant;
    const joinedOn = addDays(from, -(20 + (joinBits(elderId) % 120)));
    const isRecent = stay.to === null && stay.previous === null && from > addDays(today, -300);
    if (!isRecent || addDays(registeredOn, 4) > joinedOn || drawLine(elderId) > 0.5) continue;
    const type = beds[stay.bed]?.type ?? 'NURSING';
    const joinedAt = instantOn(joinedOn, 9 * 60 + (joinBits(elderId + 1) % 420));
    const entry: PlannedEntry = { applicant, type, level: stay.level, joinedAt, stay };
    const heldAt = instantOn(addDays(from, -2), 10 * 60);
    const hold = holdOf({ bed: stay.bed, applicant, heldAt, expiresAt: after(heldAt, 72) });
    const end = { kind: 'ADMITTED' as const, at: enteredAt(stay, true) };
    found.entries.push(entry);
    found.holds.push({ ...hold, stay, entry, end });
  }
  return found;
}

/** Whoever took an offer said so the day before; all others were entered on the day on which they came. */
export function enteredAt({ from }: PlannedStay, tookOffer: boolean): Date {
  return tookOffer ? instantOn(addDays(from, -1), 15 * 60) : instantOn(from, 10 * 60);
}

/** Beds that are kept for people who have said that they will come, and, at large homes, one for somebody who did not. */
export function planHolds(plan: HomePlan, { free, now }: { free: number[]; now: Date }): PlannedHold[] {
  const { home, beds, pool, today } = plan;
  const holds: PlannedHold[] = [];
  const keep = (from: Day, heldAt: Date, expiresAt: Date) => {
    const bed = free.find((one) => beds[one]?.type === 'NURSING' || beds[one]?.type === 'GENERAL');
    const applicant = bed === undefined ? undefined : pool.take(beds[bed]?.gender ?? 'ANY');
    if (bed === undefined || !applicant) return;
    free.splice(free.indexOf(bed), 1);
    holds.push({ ...holdOf({ bed, applicant, heldAt, expiresAt }), from });
  };
  for (let count = Math.round(home.size / 90); count > 0; count -= 1) {
    const from = addDays(today, count % 4);
    keep(from, after(now, -3 * count), instantOn(addDays(today, 4 + (count % 6)), 18 * 60));
  }
  if (home.size > 150) {
    const past = instantOn(addDays(today, -25), 14 * 60);
    keep(dayOf(past), past, after(past, 5 * 24));
  }
  return holds;
}

function holdOf(kept: Pick<PlannedHold, 'bed' | 'applicant' | 'heldAt' | 'expiresAt'>): PlannedHold {
  const open = { end: null, stay: null, entry: null, declined: null };
  return { ...kept, from: dayOf(kept.heldAt), ...open, skipped: [], skipReason: null };
}

function after(instant: Date, hours: number): Date {
  return new Date(instant.getTime() + hours * hourMs);
}

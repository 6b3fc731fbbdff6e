import type { EntityManager } from 'typeorm';
import type { BedType } from '../../entities/beds/bed.entity.js';
import type { ElderCategory } from '../../entities/elders/elder-category-membership.entity.js';
import { authenticatedName } from '../elders/sealed-fields.js';
import { type Day, dayOf } from '../shared/china-time.js';
import { cipherOf } from '../shared/database-cipher.js';
import { type Candidate, genderOf } from './bed.rules.js';
import {
  type Applicant,
  byLine,
  type ClassRow,
  classOf,
  closedOn,
  type Refused,
  type WaitlistTerms,
} from './waitlist.rules.js';
import { waitlistClasses, waitlistTerms } from './waitlist-terms.js';

/** Somebody in line, and the place: 1 is next. */
export interface Waiting extends Applicant {
  id: number;
  elderId: number;
  facilityId: number;
  bedType: BedType;
  joinedOn: Day;
  joinedAt: number;
  position: number;
  class: ClassRow;
  idNumberSealed: string | null;
}

/** Which lines are read: a condition on waitlist_entry `w`, each line whole or not at all. */
export interface LinesWanted {
  condition: string;
  parameters: readonly unknown[];
}

export const lineOf = (facilityId: number, bedType: BedType): LinesWanted => ({
  condition: 'w.facilityId = ? AND w.bedType = ?',
  parameters: [facilityId, bedType],
});

/** The lines in which an elder waits. */
export const linesOfElder = (elderId: number): LinesWanted => ({
  condition: `EXISTS (SELECT 1 FROM waitlist_entry m WHERE m.openElderId = ? AND m.facilityId = w.facilityId
                       AND m.bedType = w.bedType)`,
  parameters: [elderId],
});

type EntryRow = Omit<Waiting, 'id' | 'joinedAt' | 'position' | 'class' | 'categories'> & {
  id: number | string;
  joinedAt: number | string;
};

/**
 * Everybody who waits in some lines, each line in its order. An entry whose elder the list was closed to since waits no
 * more. Five statements, however many wait.
 */
export async function readLines(manager: EntityManager, wanted: LinesWanted, now: Date): Promise<Waiting[]> {
  const today = dayOf(now);
  const rows: EntryRow[] = await manager.query(
    `SELECT w.id, w.elderId, w.facilityId, w.bedType, CAST(w.joinedOn AS CHAR) AS joinedOn, w.joinedAt,
            CAST(e.birthDate AS CHAR) AS birthDate, e.abilityLevel,
            CAST(e.abilityExpiresOn AS CHAR) AS abilityExpiresOn, e.idNumberSealed
       FROM waitlist_entry w JOIN elder e ON e.id = w.elderId
      WHERE w.openElderId IS NOT NULL AND e.status = 'ACTIVE' AND ${wanted.condition}`,
    [...wanted.parameters],
  );
  const categories = await categoriesIn(manager, wanted);
  const terms = await waitlistTerms(manager, today);
  const refused = await refusalsIn(manager, wanted, now);
  const classes = await waitlistClasses(manager, today);
  const all = rows.map((row) => {
    const applicant = { ...row, categories: categories.get(row.elderId) ?? [] };
    const joinedAt = Number(row.joinedAt);
    return {
      ...applicant,
      id: Number(row.id),
      joinedAt,
      position: 0,
      class: classOf(applicant, classes, today),
    };
  });
  const isOpen = ({ elderId, joinedOn }: Waiting) => !isClosed(refused.get(elderId) ?? [], terms, joinedOn);
  return placed(all.filter(isOpen));
}

/** True when the list was closed to the elder on the day of joining or later. */
export function isClosed(refused: readonly Refused[], terms: WaitlistTerms, joinedOn: Day): boolean {
  const closed = closedOn(refused, terms);
  return closed !== null && closed >= joinedOn;
}

/** Sorted as one line, each with its place in its own. */
function placed(all: Waiting[]): Waiting[] {
  const counts = new Map<string, number>();
  return all.sort(byLine).map((waiting) => {
    const line = `${waiting.facilityId} ${waiting.bedType}`;
    const position = (counts.get(line) ?? 0) + 1;
    counts.set(line, position);
    return { ...waiting, position };
  });
}

async function categoriesIn(manager: EntityManager, { condition, parameters }: LinesWanted) {
  const rows: { elderId: number; category: ElderCategory }[] = await manager.query(
    `SELECT DISTINCT c.elderId, c.category FROM elder_category c JOIN waitlist_entry w ON w.openElderId = c.elderId
      WHERE ${condition}`,
    [...parameters],
  );
  const found = new Map<number, ElderCategory[]>();
  for (const { elderId, category } of rows) {
    found.set(elderId, [...(found.get(elderId) ?? []), category]);
  }
  return found;
}

async function refusalsIn(
  manager: EntityManager,
  { condition, parameters }: LinesWanted,
  now: Date,
): Promise<Map<number, Refused[]>> {
  return refusalsBy(
    await manager.query(
      `${selectRefusals} WHERE (o.declinedOn IS NOT NULL OR (h.endedAt IS NULL AND h.expiresAt <= ?))
         AND EXISTS (SELECT 1 FROM waitlist_entry w WHERE w.openElderId = o.elderId AND ${condition})`,
      [now.getTime(), ...parameters],
    ),
  );
}

/** Elders in some lines to whom the list was closed, and on which day last: what they joined by then counts no more. */
export async function listClosings(
  manager: EntityManager,
  wanted: LinesWanted,
  now: Date,
): Promise<{ elderId: number; on: Day }[]> {
  const terms = await waitlistTerms(manager, dayOf(now));
  return [...(await refusalsIn(manager, wanted, now))].flatMap(([elderId, refused]) => {
    const on = closedOn(refused, terms);
    return on === null ? [] : [{ elderId, on }];
  });
}

/** The offers that an elder did not take. */
export async function refusalsOf(manager: EntityManager, elderId: number, now: Date): Promise<Refused[]> {
  const rows: RefusalRow[] = await manager.query(
    `${selectRefusals} WHERE (o.declinedOn IS NOT NULL OR (h.endedAt IS NULL AND h.expiresAt <= ?))
       AND o.elderId = ?`,
    [now.getTime(), elderId],
  );
  return refusalsBy(rows).get(elderId) ?? [];
}

const selectRefusals = `SELECT o.elderId, CAST(o.declinedOn AS CHAR) AS declinedOn,
         CAST(h.expiresOn AS CHAR) AS expiresOn FROM bed_offer o JOIN bed_hold h ON h.id = o.id`;

interface RefusalRow {
  elderId: number;
  declinedOn: Day | null;
  expiresOn: Day;
}

function refusalsBy(rows: readonly RefusalRow[]): Map<number, Refused[]> {
  const found = new Map<number, Refused[]>();
  for (const { elderId, declinedOn, expiresOn } of rows) {
    const refused = { on: declinedOn ?? expiresOn, isSaid: declinedOn !== null };
    found.set(elderId, [...(found.get(elderId) ?? []), refused]);
  }
  return found;
}

/** What a bed asks of somebody in line; the gender is opened only where a room asks for it. */
export function candidateInLine(manager: EntityManager, waiting: Waiting, asksGender: boolean): Candidate {
  const { idNumberSealed, abilityLevel, abilityExpiresOn } = waiting;
  const gender =
    asksGender && idNumberSealed !== null
      ? genderOf(cipherOf(manager).decrypt(authenticatedName('idNumber'), idNumberSealed))
      : null;
  return { gender, abilityLevel, abilityExpiresOn };
}

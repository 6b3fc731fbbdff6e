import { createHash } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import type { ElderCategory } from '../../entities/elders/elder-category-membership.entity.js';
import type { Gender } from '../../src/beds/bed.rules.js';
import { idNumberHash } from '../../src/elders/sealed-fields.js';
import type { Day } from '../../src/shared/china-time.js';
import { cipherOf } from '../../src/shared/database-cipher.js';
import { placeholders } from '../../src/shared/statements.js';
import { drawOf } from '../deterministic.js';
import { demoElder, homeStationOf } from '../elders/demo-elder.js';
import { identityOf } from '../elders/identity.js';
import { nanyangHomes, type PlannedHome } from './homes.js';

/** How many elders of its county a home has for each bed, before any of its beds is filled. */
export const eldersPerBed = 2;

/** The first elders of the city live at home: the demonstration shows their cards. */
const firstApplicant = 20;

/** An elder of the city who might live in a home. */
export interface Applicant {
  elderId: number;
  gender: Gender;
  birthDate: Day;
  registeredOn: Day;
  categories: readonly ElderCategory[];
  /** What the file was opened with. */
  abilityLevel: number | null;
  abilityExpiresOn: Day | null;
}

/**
 * Which elders, by their numbers, are of a home: each county's are dealt out to its homes in the order of both. A home
 * that the city has not enough elders for yet is left out, so a small city has few homes with beds, and a larger one the
 * same and more. The numbers kept are those of the elders that homes have, however large the city is.
 */
export function eldersOfHomes(elders: number): Map<PlannedHome, number[]> {
  const lists = new Map<string, { homes: PlannedHome[]; wanted: number; numbers: number[] }>();
  for (const home of nanyangHomes()) {
    const list = lists.get(home.county.code) ?? { homes: [], wanted: 0, numbers: [] };
    list.homes.push(home);
    list.wanted += home.size * eldersPerBed;
    lists.set(home.county.code, list);
  }
  let waiting = lists.size;
  for (let elder = firstApplicant; elder < elders && waiting > 0; elder += 1) {
    const division = identityOf(elder).idNumber.slice(0, 6);
    const list = lists.get(homeStationOf(elder, division).slice(3, 9));
    if (!list || list.numbers.length >= list.wanted) continue;
    list.numbers.push(elder);
    if (list.numbers.length === list.wanted) waiting -= 1;
  }
  const found = new Map<PlannedHome, number[]>();
  for (const { homes, numbers } of lists.values()) {
    let from = 0;
    for (const home of homes) {
      const to = from + home.size * eldersPerBed;
      if (to > numbers.length) break;
      found.set(home, numbers.slice(from, to));
      from = to;
    }
  }
  return found;
}

const drawWish = drawOf('wish for a home');

/** Who moves into homes is old. */
function wishOf(age: number): number {
  if (age >= 85) return 9;
  if (age >= 80) return 7;
  if (age >= 75) return 4.5;
  if (age >= 70) return 2.4;
  return age >= 65 ? 1 : 0.5;
}

interface FileRow {
  id: number;
  idNumberHash: string;
  abilityLevel: number | null;
  abilityExpiresOn: Day | null;
}

/**
 * Of the elders of a home the `wanted` likeliest to come, most of all first: those who are there, were registered a
 * while ago and have neither eaten nor been visited nor been anywhere else. One statement for each thousand.
 */
export async function applicantsOf(
  manager: EntityManager,
  numbers: readonly number[],
  { wanted, registeredUntil }: { wanted: number; registeredUntil: Day },
): Promise<Applicant[]> {
  const cipher = cipherOf(manager);
  const people = numbers
    .map((number) => ({ number, ...identityOf(number) }))
    .map((person) => ({ ...person, key: drawWish(person.number) ** (1 / wishOf(person.age)) }))
    .sort((one, other) => other.key - one.key)
    .slice(0, wanted)
    .map((person) => ({ ...person, elder: demoElder(person.number) }))
    .filter(({ elder }) => elder.registeredOn <= registeredUntil)
    .map((person) => ({ ...person, hash: idNumberHash(cipher, person.idNumber) }));
  const files = new Map<string, FileRow>();
  for (let start = 0; start < people.length; start += 1000) {
    const hashes = people.slice(start, start + 1000).map(({ hash }) => hash);
    for (const row of await untouched(manager, hashes)) files.set(row.idNumberHash, row);
  }
  return people.flatMap(({ hash, sex, elder }) => {
    const file = files.get(hash);
    if (!file) return [];
    const { id: elderId, abilityLevel, abilityExpiresOn } = file;
    const { birthDate, registeredOn, categories } = elder;
    return [{ elderId, gender: sex, birthDate, registeredOn, categories, abilityLevel, abilityExpiresOn }];
  });
}

async function untouched(manager: EntityManager, hashes: readonly string[]): Promise<FileRow[]> {
  const without = (table: string) => `NOT EXISTS (SELECT 1 FROM ${table} used WHERE used.elderId = elder.id)`;
  return manager.query(
    `SELECT elder.id, elder.idNumberHash, elder.abilityLevel,
            CAST(elder.abilityExpiresOn AS CHAR) AS abilityExpiresOn
       FROM elder
      WHERE elder.idNumberHash IN (${placeholders(hashes)}) AND elder.status = 'ACTIVE'
        AND ${['swipe', 'visit', 'bed_stay', 'bed_hold', 'waitlist_entry', 'elder_assessment'].map(without).join(' AND ')}`,
    [...hashes],
  );
}

/** A UUID in form, of what is asked and of nothing else. */
export function seededRequestId(...content: readonly (string | number)[]): string {
  const hex = createHash('sha256')
    .update(`demo city ${content.join(' ')}`)
    .digest('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}

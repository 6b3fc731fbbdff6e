import type { EntityManager } from 'typeorm';
import { insertRows } from '../../src/shared/statements.js';

/** Whose rule it is, and from when it counts. */
const funderCode = 'CIVIL-AFFAIRS';
const fromDay = '2025-01-01';

/**
 * What the demonstration city pays homes a month for an occupied bed, by ability level: in the manner of such cities, and
 * no real city's. The worse off first.
 */
const rates = [
  { levelMin: 4, levelMax: 4, fen: 50_000 },
  { levelMin: 3, levelMax: 3, fen: 40_000 },
  { levelMin: 2, levelMax: 2, fen: 30_000 },
  { levelMin: 1, levelMax: 1, fen: 20_000 },
  { levelMin: 0, levelMax: 0, fen: 10_000 },
];

/** The rule of a place, unless its funder has any there; the funder is there. */
export async function insertBedSubsidies(manager: EntityManager, facilityId: number): Promise<void> {
  const [funder]: { id: number }[] = await manager.query('SELECT id FROM funder WHERE code = ?', [
    funderCode,
  ]);
  if (!funder) throw new Error(`there is no funder ${funderCode}`);
  const where = 'facilityKey = ? AND funderId = ?';
  const find = async (): Promise<{ id: number }[]> =>
    manager.query(`SELECT id FROM bed_subsidy WHERE ${where}`, [facilityId, funder.id]);
  if ((await find()).length > 0) return;
  await insertRows(
    manager,
    'bed_subsidy',
    [
      'facilityKey',
      'facilityId',
      'funderId',
      'fromDay',
      'per',
      'homeLeaveDaysMax',
      'hospitalDaysMax',
      'setAt',
    ],
    [[facilityId, facilityId, funder.id, fromDay, 'MONTH', 5, 10, Date.parse(fromDay)]],
  );
  const [rule] = await find();
  await insertRows(
    manager,
    'bed_subsidy_rate',
    ['subsidyId', 'place', 'levelMin', 'levelMax', 'fen'],
    rates.map(({ levelMin, levelMax, fen }, index) => [rule?.id, index + 1, levelMin, levelMax, fen]),
  );
}

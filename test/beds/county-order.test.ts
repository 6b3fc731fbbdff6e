import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ElderCategory } from '../../entities/elders/elder-category-membership.entity.js';
import { bornBy, firstInLines } from '../../src/beds/county-order.js';
import { countyWaitlist } from '../../src/beds/find-waitlist.js';
import { setWaitlistClasses, setWaitlistRule } from '../../src/beds/set-waitlist-rules.js';
import type { ClassRow } from '../../src/beds/waitlist.rules.js';
import { byLine } from '../../src/beds/waitlist.rules.js';
import { readLines } from '../../src/beds/waitlist-line.js';
import { completedYears } from '../../src/shared/china-time.js';
import { addBeds, addHome } from '../support/beds.js';
import { statementsOf } from '../support/count-statements.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { buildTown, type Town, today } from '../support/town.js';
import { addApplicant, after, joined, tryDecline, tryOffer } from '../support/waiting.js';

let open: TestDatabase;
let town: Town;
const homes: number[] = [];
beforeAll(async () => {
  open = await openTestDatabase();
  town = await buildTown(open.database);
  await fill();
});
afterAll(() => open.drop());

const categories: readonly ElderCategory[][] = [
  [],
  ['DESTITUTE'],
  ['MINIMUM_LIVING'],
  ['BEREAVED_FAMILY', 'MINIMUM_LIVING'],
  [],
];

/** Two homes, and people of every class, age and level who joined both ways round. */
async function fill(): Promise<void> {
  for (let home = 0; home < 2; home += 1) {
    const id = await addHome(town);
    await addBeds(town, id, [{}, { type: 'NURSING' }]);
    homes.push(id);
  }
  for (let index = 0; index < 30; index += 1) {
    const elderId = await addApplicant(town, { categories: categories[index % 5] ?? [], level: index % 3 });
    const year = 1930 + ((index * 7) % 40);
    await open.database.write((manager) =>
      manager.query('UPDATE elder SET birthDate = ?, abilityExpiresOn = ? WHERE id = ?', [
        `${year}-03-${String(9 + (index % 3)).padStart(2, '0')}`,
        index % 4 === 0 ? '2026-03-12' : '2027-01-01',
        elderId,
      ]),
    );
    for (const facilityId of index % 2 === 0 ? homes : [homes[1] ?? 0]) {
      await joined(town, { elderId, facilityId, now: after(-((index * 13) % 30)) });
    }
  }
}

/** Everybody in line, read whole and sorted, as the database is to answer without reading all. */
async function whole(now: Date) {
  const condition = 'w.facilityId IN (?, ?)';
  const all = await open.database.read((manager) =>
    readLines(manager, { condition, parameters: homes }, now),
  );
  return all.sort(byLine).map(({ id, position }) => ({ id, position }));
}

const county = async (first: number, now: Date) => {
  const wanted = { within: town.countyId, type: undefined, first, now };
  const entries = await open.database.read((manager) => countyWaitlist(manager, wanted, 'everywhere'));
  return entries.map(({ id, position }) => ({ id, position }));
};

it('the first of a county, and their places in their own lines, are those of the whole list sorted', async () => {
  for (const hours of [0, 24, 48, 72]) {
    const all = await whole(after(hours));
    expect(all.length).toBeGreaterThan(40);
    for (const first of [0, 1, 2, 7, 20, 200])
      expect(await county(first, after(hours))).toEqual(all.slice(0, first));
  }
});

it('whichever the classes are', async () => {
  const cells = fc.record({
    category: fc.constantFrom<ElderCategory | null>(null, 'DESTITUTE', 'MINIMUM_LIVING', 'BEREAVED_FAMILY'),
    levelMin: fc.constantFrom(null, 0, 1, 2),
    ageMin: fc.constantFrom(null, 60, 76, 80, 90),
  });
  const last: Omit<ClassRow, 'place'> = {
    ...{ rank: 30, category: null, levelMin: null, ageMin: null, atOnce: false },
    name: { zh: '其他', en: 'Others' },
  };
  let counted = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(cells, { maxLength: 4 }), fc.nat(2), async (rows, atOnce) => {
      const classes = rows.map((row, index) => ({
        ...{ ...row, rank: 1 + Math.floor(index / 2), atOnce: index < atOnce },
        name: { zh: `类${index}`, en: `class ${index}` },
      }));
      const set = { from: today, classes: [...classes, last], now: after(0) };
      const result = await open.database.write((manager) => setWaitlistClasses(manager, set, 'everywhere'));
      fc.pre(!('refused' in result));
      counted += 1;
      expect(await county(25, after(1))).toEqual((await whole(after(1))).slice(0, 25));
    }),
    { numRuns: 40 },
  );
  expect(counted).toBe(40);
  await open.database.write((manager) =>
    manager.query('DELETE FROM waitlist_class WHERE fromDay = ?', [today]),
  );
});

it('whom the list was closed to is left out, and what is read does not grow with who waits', async () => {
  const home = homes[0] ?? 0;
  const rule = { offerHours: 1, moveInDaysMax: 14, refusalsMax: 1, refusalDays: 365, closedDays: 365 };
  const set = { from: today, rule: { ...rule, silenceRefuses: true, passesOn: false }, now: after(0) };
  await open.database.write((manager) => setWaitlistRule(manager, set, 'everywhere'));
  const [bedId = 0, other = 0] = await addBeds(town, home, [{}, {}]);
  const offer = await tryOffer(town, { bedId, now: after(1) });
  if ('refused' in offer) throw new Error(offer.refused);
  const second = await tryOffer(town, { bedId: other, now: after(1) });
  if ('refused' in second) throw new Error(second.refused);
  await tryDecline(town, second.offer?.id ?? 0, after(1));
  const all = await whole(after(3));
  expect(all.map(({ id }) => id)).not.toContain(offer.id);
  expect(await county(50, after(3))).toEqual(all.slice(0, 50));
  const { statements } = await statementsOf(open.database, () => county(5, after(3)));
  const { statements: more } = await statementsOf(open.database, () => county(50, after(3)));
  expect(more.length).toBe(statements.length);
  const lines = { condition: 'w.facilityId = ?', parameters: [home] };
  const ids = await open.database.read((manager) =>
    firstInLines(manager, lines, { first: 3, now: after(3) }),
  );
  expect(ids).toHaveLength(3);
});

it('the last day of birth is that of who has just completed the years', () => {
  const day = fc
    .date({ min: new Date('1996-01-01'), max: new Date('2060-12-31'), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10));
  fc.assert(
    fc.property(
      fc.constantFrom('2024-02-29', '2026-02-28', '2100-03-01', today),
      fc.nat(120),
      (on, years) => {
        const born = bornBy(years, on);
        const next = new Date(Date.parse(born) + 86_400_000).toISOString().slice(0, 10);
        expect(completedYears(born, on)).toBeGreaterThanOrEqual(years);
        expect(completedYears(next, on)).toBe(years - 1);
      },
    ),
  );
  fc.assert(
    fc.property(day, fc.nat(120), (on, years) => {
      expect(completedYears(bornBy(years, on), on)).toBe(years);
    }),
  );
});

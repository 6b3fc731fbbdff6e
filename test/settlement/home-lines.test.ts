import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Day } from '../../src/shared/china-time.js';
import { addDays } from '../../src/shared/china-time.js';
import { expectAuditClean } from '../support/audited.js';
import { addBeds, addHome } from '../support/beds.js';
import { type HomeOffice, noonOf, openHomeOffice } from '../support/home-office.js';

let office: HomeOffice;
let otherId: number;
const march = '2026-03';
const stays: Record<string, number> = {};

/** What a line of an elder says in a few words: days in the bed, at home, in hospital, paid for, and fen. */
const inShort = (lines: Awaited<ReturnType<HomeOffice['lines']>>) =>
  lines.map(({ stay, grossFen }) => [
    ...[stay.presentDays, stay.homeLeaveDays, stay.hospitalDays, stay.countedDays, grossFen],
  ]);
const of = async (stayId: number | undefined, month = march, facilityId = office.homeId) =>
  (await office.lines(month, '', facilityId)).filter(({ stay }) => stay.stayId === String(stayId));

beforeAll(async () => {
  office = await openHomeOffice();
  const { deeds, bedIds, resident, town } = office;
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = bedIds;
  otherId = await addHome(town, town.countyId);
  const [other = 0] = await addBeds(town, otherId, [{ type: 'NURSING' }]);
  // From before the month to after it.
  stays.whole = await deeds.admit(a, await resident({ level: 3 }), '2026-02-10');
  // Comes on the 5th and leaves on the 12th: seven days. Whoever comes on the 12th has the bed from then on.
  stays.short = await deeds.admit(b, await resident({ level: 1 }), '2026-03-05');
  await deeds.discharge(stays.short, '2026-03-12');
  stays.touching = await deeds.admit(b, await resident({ level: 1 }), '2026-03-12');
  // Moves within the home on the 11th, and on the 21st to another home.
  stays.first = await deeds.admit(c, await resident({ level: 3 }), '2026-03-01');
  stays.second = await deeds.move(stays.first, d, '2026-03-11');
  stays.elsewhere = await deeds.move(stays.second, other, '2026-03-21');
  // At home from 28 February to 8 March: eight days of March, of which five count; in hospital to the month's end.
  stays.away = await deeds.admit(e, await resident({ level: 4 }), '2026-02-20');
  await deeds.leave(stays.away, 'HOME', '2026-02-28', '2026-03-08');
  await deeds.leave(stays.away, 'HOSPITAL', '2026-03-20', null);
  // Whose level counts for ten days only, and who leaves as the month ends.
  stays.one = await deeds.admit(f, await resident({ level: 2, expiresOn: '2026-03-11' }), '2026-03-01');
  await deeds.discharge(stays.one, '2026-04-01', '2026-03-15');
  // Who comes on the last day, and who leaves as it begins.
  stays.last = await deeds.admit(g, await resident({ level: 2 }), '2026-03-31');
  stays.before = await deeds.admit(h, await resident({ level: 2 }), '2026-02-20');
  await deeds.discharge(stays.before, '2026-03-01');
});
afterAll(async () => {
  await expectAuditClean(office.server.database);
  await office.server.close();
});

describe('the days of a month', () => {
  it('are all of it for who was there throughout', async () => {
    expect(await of(stays.whole)).toMatchObject([
      {
        kind: 'STAY',
        day: '2026-03-01',
        correctsMonth: null,
        grossFen: 30_000,
        subsidyFen: 30_000,
        funders: [{ code: 'BUREAU', fen: 30_000 }],
        stay: { bedType: 'NURSING', level: 3, presentDays: 31, countedDays: 31, days: 'P'.repeat(31) },
      },
    ]);
  });

  it('have the day of arrival and not the day of departure, whoever comes on it', async () => {
    expect(inShort(await of(stays.short))).toEqual([[7, 0, 0, 7, Math.floor((10_000 * 7) / 31)]]);
    expect(inShort(await of(stays.touching))).toEqual([[20, 0, 0, 20, Math.floor((10_000 * 20) / 31)]]);
    expect(inShort(await of(stays.last))).toEqual([[1, 0, 0, 1, Math.floor(30_000 / 31)]]);
    expect(await of(stays.before)).toEqual([]);
  });

  it('are each where the resident was, and lose no fen by a move within the home', async () => {
    const [first] = inShort(await of(stays.first));
    const [second] = inShort(await of(stays.second));
    expect([first?.slice(0, 4), second?.slice(0, 4)]).toEqual([
      [10, 0, 0, 10],
      [10, 0, 0, 10],
    ]);
    expect((first?.[4] ?? 0) + (second?.[4] ?? 0)).toBe(Math.floor((30_000 * 20) / 31));
    expect(inShort(await of(stays.elsewhere, march, otherId))).toEqual([
      [11, 0, 0, 11, Math.floor((30_000 * 11) / 31)],
    ]);
  });

  it('count so many days of leave, those before the month in the month before', async () => {
    // Seven days at home, five of which count; twelve in hospital, ten of which count; twelve in the bed.
    expect(inShort(await of(stays.away))).toEqual([[12, 7, 12, 27, Math.floor((30_000 * 27) / 31)]]);
    expect((await of(stays.away))[0]?.stay.days).toBe(`${'L'.repeat(7)}${'P'.repeat(12)}${'H'.repeat(12)}`);
    expect(inShort(await of(stays.away, '2026-02'))).toEqual([[8, 1, 0, 9, Math.floor((30_000 * 9) / 28)]]);
  });

  it('go by the level of each day, and are there without one, unpaid', async () => {
    const lines = await of(stays.one);
    expect(lines.map(({ stay, day }) => [stay.level, stay.presentDays, day])).toEqual([
      [null, 21, '2026-03-11'],
      [2, 10, '2026-03-01'],
    ]);
    expect(lines.map(({ grossFen }) => grossFen)).toEqual([0, Math.floor((30_000 * 10) / 31)]);
  });
});

describe('the sums', () => {
  it('are those of the lines, and the same number as the figures and a count day by day', async () => {
    const lines = await office.lines(march);
    const sum = (count: (line: (typeof lines)[number]) => number) =>
      lines.reduce((total, line) => total + count(line), 0);
    const { kind, sums, shares } = await office.statement(march);
    expect(kind).toBe('HOME');
    expect(sums).toEqual({
      lines: lines.length,
      bedDays: sum(({ stay }) => stay.presentDays),
      homeLeaveDays: sum(({ stay }) => stay.homeLeaveDays),
      hospitalDays: sum(({ stay }) => stay.hospitalDays),
      countedDays: sum(({ stay }) => stay.countedDays),
      elders: new Set(lines.map(({ elderId }) => elderId)).size,
      meals: 0,
      visits: 0,
      grossFen: sum(({ grossFen }) => grossFen),
      subsidyFen: sum(({ grossFen }) => grossFen),
      discountFen: 0,
      operatorFen: 0,
    });
    expect(shares).toEqual([
      { part: 'SUBSIDY', code: 'BUREAU', units: sums.countedDays, fen: sums.grossFen },
    ]);
    expect(await office.figures('2026-03-01', '2026-04-01')).toEqual({
      occupiedDays: sums.bedDays,
      leaveDays: sums.homeLeaveDays + sums.hospitalDays,
    });
    expect(await countByDay('2026-03-01', '2026-04-01')).toEqual([
      sums.bedDays,
      sums.homeLeaveDays,
      sums.hospitalDays,
    ]);
  });

  it('of several homes are listed, each with its own', async () => {
    type Data = {
      statements: { nodes: { kind: string; canteen: { id: string }; sums: { bedDays: number } }[] };
    };
    const query = `{ statements(month: "${march}", kind: HOME) { nodes { kind canteen { id } sums { bedDays } } } }`;
    const { statements } = await office.ask<Data>('county', query);
    const own = (await office.statement(march)).sums.bedDays;
    expect(statements.nodes).toEqual([
      { kind: 'HOME', canteen: { id: String(office.homeId) }, sums: { bedDays: own } },
      { kind: 'HOME', canteen: { id: String(otherId) }, sums: { bedDays: 11 } },
    ]);
  });

  it('are nobody else’s', async () => {
    const { body } = await office.server.post(
      `{ canteenStatement(canteenId: ${office.homeId}, month: "${march}") { state } }`,
      {},
      office.tokens.otherCounty,
    );
    expect(body.errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT' });
  });
});

/** Asks of each day of each stay what it was, by nothing but the rows. */
async function countByDay(from: Day, to: Day): Promise<number[]> {
  const { database } = office.server;
  const rows: { id: number; fromDay: Day; toDay: Day | null }[] = await database.read((manager) =>
    manager.query(
      `SELECT id, CAST(fromDay AS CHAR) AS fromDay, CAST(toDay AS CHAR) AS toDay FROM bed_stay
        WHERE facilityId = ? AND cancelledAt IS NULL`,
      [office.homeId],
    ),
  );
  const leaves: { stayId: number; kind: string; fromDay: Day; toDay: Day | null }[] = await database.read(
    (manager) =>
      manager.query(
        'SELECT stayId, kind, CAST(fromDay AS CHAR) AS fromDay, CAST(toDay AS CHAR) AS toDay FROM stay_leave',
      ),
  );
  const isIn = (day: Day, span: { fromDay: Day; toDay: Day | null }) =>
    span.fromDay <= day && (span.toDay === null || span.toDay > day);
  const counts = { P: 0, HOME: 0, HOSPITAL: 0 };
  for (let day = from; day < to; day = addDays(day, 1)) {
    for (const stay of rows.filter((row) => isIn(day, row))) {
      const leave = leaves.find((each) => Number(each.stayId) === Number(stay.id) && isIn(day, each));
      counts[(leave?.kind ?? 'P') as keyof typeof counts] += 1;
    }
  }
  return [counts.P, counts.HOME, counts.HOSPITAL];
}

it('a rule of another funder pays beside it, and the nearest of a funder in its place', async () => {
  const { deeds, server } = office;
  server.clock.set(noonOf('2026-04-01'), 0);
  const perDay = { per: 'DAY' as const, wholeMonthDays: null, homeLeaveDaysMax: 0, hospitalDaysMax: 0 };
  await deeds.pays(
    'CHARITY',
    { ...perDay, rates: [{ bedType: null, levelMin: null, levelMax: null, fen: 100 }] },
    '2026-04-01',
  );
  await deeds.pays(
    'BUREAU',
    { ...perDay, rates: [{ bedType: 'NURSING', levelMin: 3, levelMax: 4, fen: 2_000 }] },
    '2026-04-11',
    office.homeId,
  );
  const [line] = await of(stays.whole, '2026-04');
  // Ten days by the county's month of 300 yuan, twenty by the home's own 20 yuan a day; a yuan a day from the charity.
  expect(line).toMatchObject({ subsidyFen: 10_000 + 40_000, discountFen: 3_000, stay: { countedDays: 30 } });
  expect(line?.funders).toEqual([
    { code: 'BUREAU', fen: 50_000 },
    { code: 'CHARITY', fen: 3_000 },
  ]);
  // Without a level the bureau pays by neither rule; the charity does.
  const [touching] = await of(stays.touching, '2026-04');
  expect(touching?.funders).toEqual([
    { code: 'BUREAU', fen: Math.floor((10_000 * 10) / 30) },
    { code: 'CHARITY', fen: 3_000 },
  ]);
});

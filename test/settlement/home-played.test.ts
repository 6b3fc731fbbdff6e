import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bedBoard } from '../../src/beds/bed-board.js';
import { draftsOf } from '../../src/beds/bed-days/home-drafts.js';
import { bedFigures } from '../../src/beds/bed-figures.js';
import { stayCharges } from '../../src/beds/stay-charges.js';
import { recordAssessment } from '../../src/elders/record-assessment.js';
import { addDays, type Day } from '../../src/shared/china-time.js';
import { firstDayOf, type Month, monthOf, nextMonth } from '../../src/shared/month.js';
import { expectAuditClean } from '../support/audited.js';
import { addBeds } from '../support/beds.js';
import { cityTerms, type HomeOffice, noonOf, openHomeOffice } from '../support/home-office.js';
import { indicators } from '../support/indicators.js';

let office: HomeOffice;
let bedIds: number[];
const elders: number[] = [];
const stays: number[] = [];
/** What the test knows of levels and rules, from nothing but what it entered. */
const levels = new Map<number, { from: Day; until: Day | null; level: number }[]>();
const begin = '2026-02-01';
const last = '2026-06-12';
const months: Month[] = ['2026-02', '2026-03', '2026-04', '2026-05', '2026-06'];

const perDay = { per: 'DAY' as const, wholeMonthDays: null, homeLeaveDaysMax: 2, hospitalDaysMax: 31 };
const charity = { ...perDay, rates: [{ bedType: null, levelMin: null, levelMax: null, fen: 101 }] };
const ownRule = {
  ...{ per: 'MONTH' as const, wholeMonthDays: 25, homeLeaveDaysMax: 3, hospitalDaysMax: 4 },
  rates: [{ bedType: 'NURSING' as const, levelMin: 1, levelMax: 4, fen: 45_001 }],
};
const rules = [
  { funder: 'BUREAU', from: begin, terms: cityTerms, near: 0 },
  { funder: 'CHARITY', from: '2026-03-10', terms: charity, near: 0 },
  { funder: 'BUREAU', from: '2026-04-11', terms: ownRule, near: 1 },
];

async function assess(elderId: number, on: Day, sum: number, entered: Day): Promise<void> {
  let missing = 90 - sum;
  const scores = indicators.flatMap(([code, group, , , max]) => {
    if (group === null || max === null) return [];
    const off = Math.min(max, missing);
    missing -= off;
    return [{ code, score: max - off }];
  });
  const { town } = office;
  const wanted = {
    ...{ id: await town.ids.take(2), requestId: randomUUID(), elderId, assessedOn: on },
    ...{ findings: { scores, isInComa: false, hasDementia: false, riskEvents: 0 } },
    ...{ byId: town.managerId, now: noonOf(entered) },
  };
  const kept = await town.database.write((manager) => recordAssessment(manager, wanted, 'everywhere'));
  if ('refused' in kept) return;
  levels.get(elderId)?.push({ from: on, until: kept.countsUntil, level: kept.level });
}

function levelOf(elderId: number, day: Day): number | null {
  const found = (levels.get(elderId) ?? []).filter(({ from }) => from <= day).at(-1);
  return !found || (found.until !== null && found.until <= day) ? null : found.level;
}

/** A random life of five months: much is refused, much is entered late; each month is submitted on the day after it ends, one of them twice. */
async function live(seed: number): Promise<void> {
  const { deeds, server } = office;
  const draw = fc.sample(fc.tuple(fc.nat(999), fc.nat(999), fc.nat(50), fc.nat(11)), {
    numRuns: 8 * 132,
    seed,
  });
  let submitted = 0;
  for (let day = begin, step = 0; day <= last; day = addDays(day, 1)) {
    server.clock.set(noonOf(day), 0);
    for (const rule of rules.filter(({ from }) => from === day && from !== begin))
      await deeds.pays(rule.funder, rule.terms, rule.from, rule.near === 1 ? office.homeId : undefined);
    for (let times = 0; times < 8; times += 1, step += 1) {
      const [who = 0, which = 0, back = 0, what = 0] = draw[step] ?? [];
      const on = addDays(day, back > 40 ? 2 : -(back % 2 === 0 ? back : back % 4));
      const at = <One>(list: readonly One[], index: number) => list[index % Math.max(1, list.length)];
      // Of the latest stays, for the others have mostly ended.
      const stayId = stays.at(-1 - (who % 12)) ?? 0;
      const trial = async () => {
        if (on < begin) return;
        if (what < 4) stays.push(await deeds.admit(at(bedIds, which) ?? 0, at(elders, who) ?? 0, on, day));
        else if (what < 6) await deeds.leave(stayId, which % 2 ? 'HOME' : 'HOSPITAL', on, null, day);
        else if (what < 7)
          await deeds.leave(stayId, which % 2 ? 'HOME' : 'HOSPITAL', on, addDays(on, which % 9), day);
        else if (what < 9) await deeds.discharge(stayId, on, day);
        else if (what < 10) stays.push(await deeds.move(stayId, at(bedIds, which) ?? 0, on, day));
        else if (what < 11) await assess(at(elders, who) ?? 0, on > day ? day : on, which % 91, day);
      };
      // A refusal is part of life; that none writes anything is told by the rows.
      await trial().catch((error: Error) => expect(error.message).toMatch(/refused|[A-Z_]{6,}/));
    }
    const due = months[submitted] ?? '';
    if (due < monthOf(day)) {
      const said = await office.step('home', 'submitStatement', due);
      expect(said).toBe('SUBMITTED');
      submitted += 1;
      if (submitted === 2) {
        expect(await office.step('street', 'returnStatement', due, ', note: "核对"')).toBe('DRAFT');
        submitted -= 1;
      }
    }
  }
  while (submitted < 4) {
    expect(await office.step('home', 'submitStatement', months[submitted] ?? '')).toBe('SUBMITTED');
    submitted += 1;
  }
}

interface StayRow {
  id: number;
  bedId: number;
  elderId: number;
  fromDay: Day;
  toDay: Day | null;
  leaves: { kind: string; fromDay: Day; toDay: Day | null }[];
}

async function readStays(): Promise<StayRow[]> {
  return office.server.database.read(async (manager) => {
    const rows: StayRow[] = await manager.query(
      `SELECT id, bedId, elderId, CAST(fromDay AS CHAR) AS fromDay, CAST(toDay AS CHAR) AS toDay FROM bed_stay
        WHERE facilityId = ? AND cancelledAt IS NULL ORDER BY fromDay, id`,
      [office.homeId],
    );
    const leaves: (StayRow['leaves'][number] & { stayId: number })[] = await manager.query(
      'SELECT stayId, kind, CAST(fromDay AS CHAR) AS fromDay, CAST(toDay AS CHAR) AS toDay FROM stay_leave',
    );
    return rows.map((row) => ({
      ...row,
      id: Number(row.id),
      leaves: leaves.filter(({ stayId }) => Number(stayId) === Number(row.id)),
    }));
  });
}

const isIn = (day: Day, { fromDay, toDay }: { fromDay: Day; toDay: Day | null }) =>
  fromDay <= day && (toDay === null || toDay > day);

function daysOf(month: Month): Day[] {
  const days: Day[] = [];
  for (let day = firstDayOf(month); monthOf(day) === month; day = addDays(day, 1)) days.push(day);
  return days;
}

/** What an elder has in a month by day, and what each funder pays for it, in whole fen. */
function workedOut(rows: readonly StayRow[], elderId: number, month: Month) {
  const counts = new Map<string, number>();
  const parts = new Map<string, number>();
  const days = daysOf(month).flatMap((day) => {
    const stay = rows.find((row) => row.elderId === elderId && isIn(day, row));
    if (!stay) return [];
    const kind = stay.leaves.find((leave) => isIn(day, leave))?.kind ?? 'IN';
    const level = levelOf(elderId, day);
    const key = `${stay.id} ${level} ${kind}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
    return [{ day, kind, level }];
  });
  for (const funder of ['BUREAU', 'CHARITY']) {
    const used = { IN: 0, HOME: 0, HOSPITAL: 0 };
    const paid = days.flatMap(({ day, kind, level }) => {
      used[kind as keyof typeof used] += 1;
      const terms = rules
        .filter((rule) => rule.funder === funder && rule.from <= day)
        .sort((one, other) => one.near - other.near)
        .at(-1)?.terms;
      if (!terms || (kind === 'HOME' && used.HOME > terms.homeLeaveDaysMax)) return [];
      if (kind === 'HOSPITAL' && used.HOSPITAL > terms.hospitalDaysMax) return [];
      const rate = terms.rates.find(
        ({ levelMin, levelMax }) =>
          levelMin === null || (level !== null && level >= levelMin && level <= (levelMax ?? 4)),
      );
      return rate ? [{ terms, fen: rate.fen }] : [];
    });
    const inMonths = paid.filter(({ terms }) => terms.per === 'MONTH').length;
    // In 31sts of 30ths of 28ths of fen there is no remainder.
    const unit = 31 * 30 * 28 * 29;
    const sum = paid.reduce((total, { terms, fen }) => {
      const isWhole = terms.wholeMonthDays !== null && inMonths >= terms.wholeMonthDays;
      const divisor = terms.per === 'DAY' ? 1 : isWhole ? inMonths : daysOf(month).length;
      return total + (BigInt(fen) * (BigInt(unit) * BigInt(27 * 26 * 25))) / BigInt(divisor);
    }, 0n);
    const fen = Number(sum / (BigInt(unit) * BigInt(27 * 26 * 25)));
    if (fen !== 0) parts.set(funder, fen);
  }
  return { counts, parts };
}

/** The same of all statements together, with the draft of the month that is open. */
async function settled(elderId: number, month: Month) {
  const { homeId, server } = office;
  const counts = new Map<string, number>();
  const parts = new Map<string, number>();
  const add = (map: Map<string, number>, key: string, more: number) => {
    map.set(key, (map.get(key) ?? 0) + more);
    if (map.get(key) === 0) map.delete(key);
  };
  await server.database.read(async (manager) => {
    const lines: Record<string, number | string>[] = await manager.query(
      'SELECT stayId, level, units, homeLeaveDays, hospitalDays FROM home_line WHERE elderId = ? AND daysMonth = ?',
      [elderId, month],
    );
    const paid: { code: string; fen: number | string }[] = await manager.query(
      `SELECT f.code, p.fen FROM home_line l JOIN home_line_part p ON p.postingId = l.postingId
         JOIN funder f ON f.id = p.funderId WHERE l.elderId = ? AND l.daysMonth = ?`,
      [elderId, month],
    );
    const drafts = await draftsOf(manager, [homeId], '2026-06');
    const open = (drafts.lines.get(homeId) ?? []).filter(
      (line) => line.elderId === elderId && line.month === month,
    );
    for (const { stayId, level, units, homeLeaveDays, hospitalDays } of [...lines, ...open]) {
      add(counts, `${stayId} ${level} IN`, Number(units));
      add(counts, `${stayId} ${level} HOME`, Number(homeLeaveDays));
      add(counts, `${stayId} ${level} HOSPITAL`, Number(hospitalDays));
    }
    for (const { code, fen } of paid) add(parts, code, Number(fen));
    for (const { parts: own } of open)
      for (const [id, { fen }] of own) add(parts, drafts.funders.get(id)?.code ?? '', fen);
  });
  return { counts, parts };
}

beforeAll(async () => {
  office = await openHomeOffice([]);
  bedIds = await addBeds(office.town, office.homeId, Array(14).fill({ type: 'NURSING' }));
  for (let level = 0; level < 16; level += 1) {
    const elderId = await office.resident({ level: 1 + (level % 4) });
    elders.push(elderId);
    levels.set(elderId, [{ from: '2020-01-01', until: '2027-01-01', level: 1 + (level % 4) }]);
  }
  await live(1);
}, 120_000);
afterAll(async () => {
  await expectAuditClean(office.server.database);
  await office.server.close();
});

it('statements have each day of each resident at its level, and each fen, whenever it was entered', async () => {
  const rows = await readStays();
  const seen = { stays: rows.length, corrections: 0, fen: 0 };
  for (const month of months) {
    for (const elderId of elders) {
      const found = await settled(elderId, month);
      const wanted = workedOut(rows, elderId, month);
      expect({ month, elderId, ...found }).toEqual({ month, elderId, ...wanted });
      for (const fen of found.parts.values()) seen.fen += fen;
    }
  }
  const [row] = await office.server.database.read((manager) =>
    manager.query('SELECT COUNT(*) AS n FROM home_line WHERE correctsMonth IS NOT NULL'),
  );
  seen.corrections = Number(row.n);
  // A life in which nothing happened would agree with anything.
  expect(seen.stays).toBeGreaterThan(20);
  expect(seen.corrections).toBeGreaterThan(4);
  expect(seen.fen).toBeGreaterThan(100_000);
});

it('figures, board and charges count the same days', async () => {
  const rows = await readStays();
  const { homeId, server } = office;
  const now = noonOf(last);
  await server.database.read(async (manager) => {
    for (const month of months) {
      const days = daysOf(month);
      const from = firstDayOf(month);
      const asked = { within: homeId, from, to: firstDayOf(nextMonth(month)), now };
      const figures = await bedFigures(manager, asked);
      const count = { occupiedDays: 0, leaveDays: 0 };
      for (const day of days) {
        const there = rows.filter((row) => isIn(day, row));
        const away = there.filter(({ leaves }) => leaves.some((leave) => isIn(day, leave))).length;
        count.leaveDays += away;
        count.occupiedDays += there.length - away;
        const board = await bedBoard(manager, { facilityId: homeId, on: day, now }, 'everywhere');
        // Days ahead are reserved, not occupied, on the board.
        if (day > last) continue;
        const states = board.map(({ state }) => state);
        expect([day, states.filter((state) => state === 'ON_LEAVE').length]).toEqual([day, away]);
        expect([day, states.filter((state) => state === 'OCCUPIED').length]).toEqual([
          day,
          there.length - away,
        ]);
      }
      expect({ month, ...figures }).toMatchObject({ month, ...count });
      for (const { id, ...row } of rows) {
        const charges = await stayCharges(manager, { stayId: id, month, now }, 'everywhere');
        const own = days.filter((day) => isIn(day, row));
        const away = own.filter((day) => row.leaves.some((leave) => isIn(day, leave))).length;
        expect([id, month, charges?.days, charges?.leaveDays]).toEqual([id, month, own.length, away]);
      }
    }
  });
});

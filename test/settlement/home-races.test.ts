import { parseCsv } from 'hucre/csv';
import { readXlsx } from 'hucre/xlsx';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectAuditClean } from '../support/audited.js';
import { type HomeOffice, noonOf, openHomeOffice } from '../support/home-office.js';

let office: HomeOffice;
const march = '2026-03';
const april = '2026-04';
const stays: number[] = [];

beforeAll(async () => {
  office = await openHomeOffice();
  const { deeds, bedIds, resident } = office;
  for (const bedId of bedIds.slice(0, 7))
    stays.push(await deeds.admit(bedId, await resident({ level: 3 }), '2026-03-01'));
  await deeds.leave(stays[0] ?? 0, 'HOME', '2026-03-10', '2026-03-12');
  await deeds.leave(stays[1] ?? 0, 'HOSPITAL', '2026-03-10', '2026-03-15');
});
afterAll(() => office.server.close());

describe('a submission that races', () => {
  it('late discharges and an admission has each of them, or leaves it to the next month; never both, and never neither', async () => {
    const { deeds, bedIds, resident } = office;
    const elderId = await resident({ level: 3 });
    office.server.clock.set(noonOf('2026-04-01'), 0);
    const late = stays.slice(2, 6);
    const [submitted, admitted] = await Promise.all([
      office.step('home', 'submitStatement', march),
      deeds.admit(bedIds[7] ?? 0, elderId, '2026-03-25', '2026-04-01'),
      ...late.map((stayId) => deeds.discharge(stayId, '2026-03-21', '2026-04-01')),
    ]);
    expect(submitted).toBe('SUBMITTED');
    const inMarch = await office.lines(march);
    const inApril = await office.lines(april, ', corrections: true');
    const days = (lines: typeof inMarch, stayId: number) =>
      lines.filter(({ stay }) => Number(stay.stayId) === stayId).map(({ stay }) => stay.presentDays);
    const outcomes = late.map((stayId) => [...days(inMarch, stayId), ...days(inApril, stayId)].join(' '));
    for (const outcome of outcomes) expect(['20', '31 -11']).toContain(outcome);
    expect([...days(inMarch, admitted), ...days(inApril, admitted)]).toEqual([7]);
    const { occupiedDays } = await office.figures('2026-03-01', '2026-04-01');
    const all = [...inMarch, ...inApril].reduce((sum, { stay }) => sum + stay.presentDays, 0);
    expect(all).toBe(occupiedDays);
    expect(occupiedDays).toBe(29 + 26 + 4 * 20 + 31 + 7);
    await expectAuditClean(office.server.database);
  });

  it('another gets through once', async () => {
    office.server.clock.set(noonOf('2026-05-01'), 0);
    const answers = await Promise.all(
      (['home', 'home2', 'home', 'home2'] as const).map((person) =>
        office.step(person, 'submitStatement', april),
      ),
    );
    expect(answers.filter((answer) => answer === 'SUBMITTED')).toHaveLength(1);
    expect(answers.filter((answer) => answer.startsWith('WRONG_STATE'))).toHaveLength(3);
    await expectAuditClean(office.server.database);
  });

  it('a return is followed by the same lines, and later ones stand', async () => {
    // What the days were is said as it is known now; how many there are is what the later month left to this one.
    const known = async () =>
      (await office.lines(march)).map(({ stay: { days: _days, ...stay }, ...line }) => ({ ...line, stay }));
    const before = [await known(), await office.lines(april)];
    expect(await office.step('street', 'returnStatement', march, ', note: "核对"')).toBe('DRAFT');
    expect(await known()).toEqual(before[0]);
    expect(await office.step('home', 'submitStatement', march)).toBe('SUBMITTED');
    expect([await known(), await office.lines(april)]).toEqual(before);
    await expectAuditClean(office.server.database);
  });
});

type Row = readonly unknown[];

async function download(format: 'csv' | 'xlsx', token = office.tokens.finance) {
  const answer = await office.server.app.inject({
    method: 'GET',
    url: `/exports/statements/${office.homeId}/${march}.${format}`,
    headers: { authorization: `Bearer ${token}` },
  });
  return { status: answer.statusCode, bytes: answer.rawPayload };
}

async function rowsOf(format: 'csv' | 'xlsx'): Promise<Row[]> {
  const { status, bytes } = await download(format);
  expect(status).toBe(200);
  if (format === 'csv') return parseCsv(bytes.toString('utf8')) as Row[];
  return (await readXlsx(bytes)).sheets[0]?.rows ?? [];
}

describe('the document', () => {
  it.each(['csv', 'xlsx'] as const)(
    'as %s has each line, and totals that are the statement’s',
    async (format) => {
      const rows = await rowsOf(format);
      expect(rows[0]?.[0]).toBe('养老机构床日结算单（2026年3月）');
      expect(String(rows[1]?.[0])).toMatch(/^养老机构：/);
      const heads = (rows[5] ?? []).map(String);
      const column = (title: string) => heads.indexOf(title);
      const own = rows.slice(6).filter(([number]) => /^\d+$/.test(String(number)));
      const sum = (title: string, factor = 1) =>
        own.reduce((total, row) => total + Math.round(Number(row[column(title)]) * factor), 0);
      const { sums } = await office.statement(march);
      expect(own).toHaveLength(sums.lines);
      expect(own.map((row) => String(row[column('明细号')]))).toEqual(
        (await office.lines(march)).map(({ id }) => id),
      );
      const totals = rows.find(([head]) => head === '合计') ?? [];
      for (const [title, expected] of [
        ['在住天数', sums.bedDays],
        ['请假天数', sums.homeLeaveDays],
        ['住院天数', sums.hospitalDays],
        ['计补天数', sums.countedDays],
      ] as const) {
        expect([title, sum(title), Number(totals[column(title)])]).toEqual([title, expected, expected]);
      }
      for (const title of ['应补（元）', '补贴（元）', '其中：市民政局（元）']) {
        expect([title, sum(title, 100)]).toEqual([title, sums.grossFen]);
      }
      expect(Math.round(Number(totals[column('应补（元）')]) * 100)).toBe(sums.grossFen);
      expect(own[0]).toContain('护理');
      expect(own[0]?.[column('老人姓名')]).toBe('李**');
      expect(String(own[0]?.[column('身份证号')])).toMatch(/^\d{6}\*+/);
      const text = rows.flat().join(' ');
      expect(text).toMatch(/机构经办人（签字）/);
      expect(text).toContain(`在住床日：${sums.bedDays}`);
      expect(text).toMatch(/床位运营补贴/);
    },
  );

  it('is nobody else’s', async () => {
    expect((await download('csv', office.tokens.otherCounty)).status).toBe(404);
    expect((await download('csv', 'nonsense')).status).toBe(401);
  });
});

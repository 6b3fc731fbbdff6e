import { randomUUID } from 'node:crypto';
import { parseCsv } from 'hucre/csv';
import { readXlsx } from 'hucre/xlsx';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runChecks } from '../../src/shared/audit-check.js';
import { stationStatementChecks } from '../../src/visits/audit-station-statements.js';
import { expectAuditClean } from '../support/audited.js';
import { at } from '../support/settlement.js';
import { openStationOffice, type StationOffice } from '../support/station-office.js';

let office: StationOffice;
const march = '2026-03';

beforeAll(async () => {
  office = await openStationOffice();
});
afterAll(() => office.server.close());

type Row = readonly unknown[];

async function download(format: 'csv' | 'xlsx'): Promise<Row[]> {
  const token = (await office.server.account('FINANCE', office.town.countyId)).token;
  const url = `/exports/statements/${office.town.stationId}/${march}.${format}`;
  const answer = await office.server.app.inject({
    method: 'GET',
    url,
    headers: { authorization: `Bearer ${token}` },
  });
  expect(answer.statusCode).toBe(200);
  if (format === 'csv') return parseCsv(answer.rawPayload.toString('utf8')) as Row[];
  return (await readXlsx(answer.rawPayload)).sheets[0]?.rows ?? [];
}

/** What the ledger of hours owes the station for its visits, read without a statement. */
async function ledger() {
  const [row]: Record<string, number | string>[] = await office.server.database.read((manager) =>
    manager.query(
      `SELECT SUM(CASE WHEN account = 'STATION_RECEIVABLE' THEN fen ELSE 0 END) AS gross,
              SUM(CASE WHEN account = 'FUNDER' THEN -fen ELSE 0 END) AS subsidy,
              SUM(CASE WHEN account = 'FAMILY' THEN -fen ELSE 0 END) AS self,
              SUM(CASE WHEN account = 'USED' THEN minutes ELSE 0 END) AS hours
         FROM hours_entry`,
    ),
  );
  return Object.fromEntries(Object.entries(row ?? {}).map(([name, value]) => [name, Number(value)]));
}

describe('a submission that races', () => {
  it('a verdict has it, or leaves it to the next month; never both, and never neither', async () => {
    const doubtful: number[] = [];
    for (const day of ['11', '12', '13', '16', '17', '18']) {
      doubtful.push(await office.bring(`2026-03-${day}`, { isDoubtful: true }));
    }
    await office.bring('2026-03-19');
    const now = '2026-04-01T09:00:00';
    office.server.clock.set(at(now), 0);
    const [submitted, ...verdicts] = await Promise.all([
      office.step('station2', 'submitStatement', march),
      ...doubtful.map((visitId) => office.decide(visitId, 'PAY', now)),
    ]);
    expect(submitted).toBe('SUBMITTED');
    expect(verdicts).toEqual(doubtful.map(() => 'PAY'));
    const [inMarch, inApril] = [await office.lines(march), await office.lines('2026-04')];
    const ids = [...inMarch, ...inApril].map(({ visit }) => Number(visit.visitId));
    expect(ids).toHaveLength(doubtful.length + 1);
    expect(new Set(ids).size).toBe(doubtful.length + 1);
    expect(inApril.every(({ correctsMonth }) => correctsMonth === march)).toBe(true);
    await expectAuditClean(office.server.database);
  });

  it('another gets through once', async () => {
    office.server.clock.set(at('2026-05-01T09:00:00'), 0);
    const answers = await Promise.all(
      (['station', 'station2', 'station', 'station2'] as const).map((person) =>
        office.step(person, 'submitStatement', '2026-04'),
      ),
    );
    expect(answers.filter((answer) => answer === 'SUBMITTED')).toHaveLength(1);
    expect(answers.filter((answer) => answer.startsWith('WRONG_STATE'))).toHaveLength(3);
    const rows: { count: number | string }[] = await office.server.database.read((manager) =>
      manager.query(
        "SELECT COUNT(*) AS count FROM month_statement WHERE kind = 'STATION' AND month = '2026-04'",
      ),
    );
    expect(Number(rows[0]?.count)).toBe(1);
  });

  it('two verdicts that take a settled visit back do so once', async () => {
    const [line] = await office.lines(march);
    const visitId = Number(line?.visit.visitId);
    // Only what somebody decided can be decided again.
    const decided = (await office.lines(march)).find(({ visit }) => visit.paidBecause === 'VERDICT');
    const id = Number(decided?.visit.visitId ?? visitId);
    const now = '2026-05-02T09:00:00';
    await Promise.all([office.decide(id, 'BLOCK', now), office.decide(id, 'BLOCK', now)]);
    const rows: { kind: string }[] = await office.server.database.read((manager) =>
      manager.query('SELECT kind FROM hours_posting WHERE visitId = ? ORDER BY step', [id]),
    );
    const kinds = rows.map(({ kind }) => kind);
    expect(kinds).toEqual(decided ? ['RESERVE', 'USE', 'CORRECT', 'GIVE_BACK'] : ['RESERVE', 'USE']);
    if (decided) await office.decide(id, 'PAY', '2026-05-02T10:00:00');
    await expectAuditClean(office.server.database);
  });
});

describe('the document', () => {
  it.each(['csv', 'xlsx'] as const)('as %s adds up to the ledger, visit by visit', async (format) => {
    const [paid] = (await office.lines(march)).filter(({ kind }) => kind === 'USE');
    const payment = `requestId: "${randomUUID()}", visitId: "${paid?.visit.visitId}", fen: 350, means: CASH`;
    const answer = '{ ... on FamilyPayment { fen } ... on CareRefusal { code } }';
    expect(await office.ask('station', `mutation { recordFamilyPayment(${payment}) ${answer} }`)).toEqual({
      recordFamilyPayment: { fen: 350 },
    });
    const rows = await download(format);
    expect(rows[0]?.[0]).toBe('居家养老服务结算单（2026年3月）');
    const heads = (rows[5] ?? []).map(String);
    const own = rows.slice(6).filter(([number]) => /^\d+$/.test(String(number)));
    const column = (title: string) => heads.indexOf(title);
    const sum = (title: string, factor = 1) =>
      own.reduce((total, row) => total + Math.round(Number(row[column(title)]) * factor), 0);
    const listed = await office.lines(march);
    expect(own).toHaveLength(listed.length);
    const lineSum = (of: (line: (typeof listed)[number]) => number) =>
      listed.reduce((total, line) => total + of(line), 0);
    expect(sum('服务费（元）', 100)).toBe(lineSum(({ grossFen }) => grossFen));
    expect(sum('补贴（元）', 100)).toBe(lineSum(({ subsidyFen }) => subsidyFen));
    expect(sum('自付（元）', 100)).toBe(lineSum(({ selfPaidFen }) => selfPaidFen));
    const uses = listed.filter(({ kind }) => kind === 'USE');
    const paidFen = uses.reduce((total, { visit }) => total + visit.familyPaidFen, 0);
    expect(paidFen).toBe(format === 'csv' ? 350 : 700);
    expect(sum('家属已付（元）', 100)).toBe(paidFen);
    expect(sum('服务时长（分钟）')).toBe(lineSum(({ visit }) => visit.minutes));
    expect(sum('使用时长（分钟）')).toBe(lineSum(({ visit }) => visit.hoursMinutes));
    expect(sum('其中：市民政局（元）', 100)).toBe(sum('补贴（元）', 100));
    const totals = rows.find(([head]) => head === '合计') ?? [];
    expect(Math.round(Number(totals[column('服务费（元）')]) * 100)).toBe(sum('服务费（元）', 100));
    expect(own[0]?.[column('老人姓名')]).toBe('王**');
    expect(String(own[0]?.[column('身份证号')])).toMatch(/^\d{6}\*+/);
    expect(rows.flat().join(' ')).toMatch(/服务站经办人（签字）/);
  });

  it('and those of later months together are what the ledger owes the station', async () => {
    type Sums = { grossFen: number; subsidyFen: number; selfPaidFen: number; hoursMinutes: number };
    const total = { gross: 0, subsidy: 0, self: 0, hours: 0 };
    for (const month of [march, '2026-04', '2026-05']) {
      const { canteenStatement } = await office.ask<{ canteenStatement: { sums: Sums } }>(
        'finance',
        `{ canteenStatement(canteenId: ${office.town.stationId}, month: "${month}") {
           sums { grossFen subsidyFen selfPaidFen hoursMinutes } } }`,
      );
      const { grossFen, subsidyFen, selfPaidFen, hoursMinutes } = canteenStatement.sums;
      total.gross += grossFen;
      total.subsidy += subsidyFen;
      total.self += selfPaidFen;
      total.hours += hoursMinutes;
    }
    expect(total).toEqual(await ledger());
  });
});

describe('the audit', () => {
  const broken = async () => {
    const said: string[] = [];
    await office.server.database.read((manager) =>
      runChecks(manager, stationStatementChecks, (line) => said.push(line)),
    );
    return said
      .filter((line) => line.startsWith('BROKEN'))
      .map((line) => stationStatementChecks.findIndex(({ name }) => line === `BROKEN ${name}`));
  };
  const anyLine = "(SELECT MIN(postingId) FROM (SELECT postingId FROM station_line WHERE kind = 'USE') own)";
  const ofMarch = "kind = 'STATION' AND month = '2026-03'";

  it.each<[what: string, sql: string, undo: string, found: number]>([
    [
      'a line that used other minutes than its posting',
      `UPDATE station_line SET hoursMinutes = hoursMinutes + 1 WHERE postingId = ${anyLine}`,
      `UPDATE station_line SET hoursMinutes = hoursMinutes - 1 WHERE postingId = ${anyLine}`,
      0,
    ],
    [
      'a statement that is not the sum of its lines',
      `UPDATE month_statement SET unitCount = unitCount + 1 WHERE ${ofMarch}`,
      `UPDATE month_statement SET unitCount = unitCount - 1 WHERE ${ofMarch}`,
      1,
    ],
    [
      'a funder that owes more than the ledger says',
      `UPDATE statement_share SET fen = fen + 1 WHERE statementId IN (SELECT id FROM month_statement WHERE ${ofMarch})`,
      `UPDATE statement_share SET fen = fen - 1 WHERE statementId IN (SELECT id FROM month_statement WHERE ${ofMarch})`,
      2,
    ],
    [
      'a visit that is paid and nobody says why',
      "UPDATE station_line SET paidBecause = NULL WHERE paidBecause = 'TAPS'",
      "UPDATE station_line SET paidBecause = 'TAPS' WHERE kind = 'USE' AND paidBecause IS NULL",
      3,
    ],
    [
      'a settled visit that is blocked and not taken back',
      `UPDATE visit_evidence SET decided = 'BLOCK', decidedAt = 1, decidedById = (SELECT MIN(id) FROM account)
        WHERE visitId = (SELECT MIN(visitId) FROM station_line WHERE paidBecause = 'TAPS' AND kind = 'USE')`,
      `UPDATE visit_evidence SET decided = NULL, decidedAt = NULL, decidedById = NULL WHERE decidedAt = 1`,
      4,
    ],
    [
      'a posting that is settled before it was written',
      `UPDATE month_statement SET month = '2026-02' WHERE ${ofMarch}`,
      "UPDATE month_statement SET month = '2026-03' WHERE kind = 'STATION' AND month = '2026-02'",
      7,
    ],
  ])('sees %s', async (_what, sql, undo, found) => {
    expect(await broken()).toEqual([]);
    await office.server.database.write((manager) => manager.query(sql));
    expect(await broken()).toContain(found);
    await office.server.database.write((manager) => manager.query(undo));
    expect(await broken()).toEqual([]);
  });
});

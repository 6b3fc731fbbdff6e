import { afterAll, beforeAll, expect, it } from 'vitest';
import { bedDayChecks } from '../../src/beds/bed-days/audit-bed-days.js';
import { runChecks } from '../../src/shared/audit-check.js';
import { type HomeOffice, noonOf, openHomeOffice } from '../support/home-office.js';

let office: HomeOffice;
let stayId: number;
let otherId: number;
let lineId: string;
let statementId: number;

/** A home whose March went back once and was submitted with a dispute that was upheld, and whose April has the correction. */
beforeAll(async () => {
  office = await openHomeOffice();
  const { deeds, bedIds, resident } = office;
  stayId = await deeds.admit(bedIds[0] ?? 0, await resident({ level: 3 }), '2026-03-01');
  otherId = await deeds.admit(bedIds[1] ?? 0, await resident({ level: 1 }), '2026-03-05');
  office.server.clock.set(noonOf('2026-04-02'), 0);
  expect(await office.step('home', 'submitStatement', '2026-03')).toBe('SUBMITTED');
  const [line] = await office.lines('2026-03');
  lineId = line?.id ?? '';
  const doubt = `, lineId: "${lineId}", reason: "未见此人"`;
  expect(await office.step('street', 'disputeLine', '2026-03', doubt)).toBe('SUBMITTED');
  const [disputed] = await office.lines('2026-03', ', disputed: OPEN');
  const id = disputed?.dispute?.id;
  await office.say('home', `answerDispute(disputeId: "${id}", answer: "在院")`);
  expect(
    await office.say('street', `decideDispute(disputeId: "${id}", decision: UPHELD, reason: "属实")`),
  ).toBe('SUBMITTED');
  await deeds.discharge(otherId, '2026-03-25', '2026-04-03');
  office.server.clock.set(noonOf('2026-05-01'), 0);
  expect(await office.step('home', 'submitStatement', '2026-04')).toBe('SUBMITTED');
  const rows: { id: number }[] = await office.server.database.read((manager) =>
    manager.query("SELECT id FROM month_statement WHERE kind = 'HOME' AND month = '2026-03'"),
  );
  statementId = rows[0]?.id ?? 0;
});
afterAll(() => office.server.close());

async function broken(): Promise<string[]> {
  const said: string[] = [];
  await office.server.database.read((manager) => runChecks(manager, bedDayChecks, (line) => said.push(line)));
  return said.filter((line) => line.startsWith('BROKEN')).map((line) => line.slice('BROKEN '.length));
}
const changed = (sql: string) => office.server.database.write((manager) => manager.query(sql));

it('holds for what was settled, corrected and denied', async () => {
  expect(await broken()).toEqual([]);
});

const sums = 'every statement of kind HOME is the sum of its lines, and a draft has none';
const everyDay =
  'a month that a home submitted has each day of each stay once, as it was known when it was last submitted';
const back = 'nothing is taken back that no statement of a home gave';

it.each<[string, () => [sql: string, undo: string], string[]]>([
  [
    'a day too many in a line and its statement',
    () => [
      `UPDATE home_line SET homeLeaveDays = homeLeaveDays + 1 WHERE postingId = ${lineId}`,
      `UPDATE home_line SET homeLeaveDays = homeLeaveDays - 1 WHERE postingId = ${lineId}`,
    ],
    [everyDay],
  ],
  [
    'a statement that is not the sum of its lines',
    () => [
      `UPDATE month_statement SET unitCount = unitCount + 1 WHERE id = ${statementId}`,
      `UPDATE month_statement SET unitCount = unitCount - 1 WHERE id = ${statementId}`,
    ],
    [sums],
  ],
  [
    'a line of another type of bed',
    () => [
      `UPDATE home_line SET bedType = 'HOME' WHERE postingId = ${lineId}`,
      `UPDATE home_line SET bedType = 'NURSING' WHERE postingId = ${lineId}`,
    ],
    ['every line of a home is of its statement’s home, and of a stay there with its elder and its bed'],
  ],
  [
    'a funder that pays more than the line says',
    () => [
      `UPDATE home_line_part SET fen = fen + 1 WHERE postingId = ${lineId}`,
      `UPDATE home_line_part SET fen = fen - 1 WHERE postingId = ${lineId}`,
    ],
    [
      'what a line of a home is paid for is what its funders pay',
      'what a funder owes by a home’s statement is what it pays by the lines',
    ],
  ],
  [
    'a share that is not what the lines say',
    () => [
      `UPDATE statement_share SET units = units + 1 WHERE statementId = ${statementId}`,
      `UPDATE statement_share SET units = units - 1 WHERE statementId = ${statementId}`,
    ],
    ['what a funder owes by a home’s statement is what it pays by the lines'],
  ],
  [
    'a stay that was longer than its statements know',
    () => [
      `UPDATE bed_stay SET toDay = '2026-03-26' WHERE id = ${otherId}`,
      `UPDATE bed_stay SET toDay = '2026-03-25' WHERE id = ${otherId}`,
    ],
    [everyDay],
  ],
  [
    'a stay that was over before the month that it was settled for',
    () => [
      `UPDATE bed_stay SET fromDay = '2026-02-01', admittedOn = '2026-02-01', toDay = '2026-03-01' WHERE id = ${otherId}`,
      `UPDATE bed_stay SET fromDay = '2026-03-05', admittedOn = '2026-03-05', toDay = '2026-03-25' WHERE id = ${otherId}`,
    ],
    ['no home is paid for a day that is none of the stay'],
  ],
  [
    'more taken back than was given',
    () => [
      `UPDATE home_line SET units = units - 40, hospitalDays = hospitalDays + 40 WHERE postingId = ${lineId}`,
      `UPDATE home_line SET units = units + 40, hospitalDays = hospitalDays - 40 WHERE postingId = ${lineId}`,
    ],
    [sums, back],
  ],
  [
    'a dispute that was upheld and denies nothing',
    () => [
      "UPDATE statement_dispute SET decision = 'REJECTED'",
      "UPDATE statement_dispute SET decision = 'UPHELD'",
    ],
    ['a dispute about a home’s line that was upheld names the days that nobody pays for, and no other does'],
  ],
])('finds %s', async (_what, statements, expected) => {
  const [sql, undo] = statements();
  await changed(sql);
  expect(await broken()).toEqual(expected);
  await changed(undo);
  expect(await broken()).toEqual([]);
});

it('leaves alone what changed after the last submission: the next month corrects it', async () => {
  await office.deeds.discharge(stayId, '2026-04-20', '2026-05-02');
  expect(await broken()).toEqual([]);
  expect((await office.lines('2026-05', ', corrections: true')).map(({ stay }) => stay.presentDays)).toEqual([
    -11,
  ]);
});

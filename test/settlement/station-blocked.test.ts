import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runChecks } from '../../src/shared/audit-check.js';
import { stationStatementChecks } from '../../src/visits/audit-station-statements.js';
import { expireHours } from '../../src/visits/expire-hours.js';
import { expectAuditClean } from '../support/audited.js';
import { at } from '../support/settlement.js';
import { openStationOffice, type StationOffice } from '../support/station-office.js';

let office: StationOffice;
const march = '2026-03';
const april = '2026-04';

/** An hour costs 50 yuan: the funder pays 36, the family 14. */
const hour = { grossFen: 5000, subsidyFen: 3600, selfPaidFen: 1400 };

beforeAll(async () => {
  office = await openStationOffice();
});
beforeEach(() => office.server.clock.set(at('2026-03-10T12:00:00'), 0));
afterAll(async () => {
  await expectAuditClean(office.server.database);
  await office.server.close();
});

interface Hours {
  usedMinutes: number;
  leftMinutes: number;
  lostMinutes: number;
}

async function hoursOf(month: string): Promise<Hours> {
  const query = `{ hoursOf(elderId: ${office.elderId}, month: "${month}") { usedMinutes leftMinutes lostMinutes } }`;
  return (await office.ask<{ hoursOf: Hours }>('county', query)).hoursOf;
}

/** What a visit comes to in the ledger. */
async function owedFor(visitId: number): Promise<{ gross: number; family: number }> {
  const [row]: { gross: number | string; family: number | string }[] = await office.server.database.read(
    (manager) =>
      manager.query(
        `SELECT SUM(CASE WHEN entry.account = 'STATION_RECEIVABLE' THEN entry.fen ELSE 0 END) AS gross,
                SUM(CASE WHEN entry.account = 'FAMILY' THEN -entry.fen ELSE 0 END) AS family
           FROM hours_posting posting JOIN hours_entry entry ON entry.postingId = posting.id
          WHERE posting.visitId = ?`,
        [visitId],
      ),
  );
  return { gross: Number(row?.gross), family: Number(row?.family) };
}

const linesOf = async (month: string, visitId: number) =>
  (await office.lines(month))
    .filter(({ visit }) => Number(visit.visitId) === visitId)
    .map(({ kind, grossFen }) => `${kind} ${grossFen}`);

describe('a visit that is blocked before it was settled', () => {
  it('costs neither hours nor money, until it is let through', async () => {
    const visitId = await office.bring('2026-03-11', { isDoubtful: true });
    const before = await hoursOf(march);
    expect(await office.decide(visitId, 'BLOCK', '2026-03-12T12:00:00')).toBe('BLOCK');
    expect(await owedFor(visitId)).toEqual({ gross: 0, family: 0 });
    expect(await hoursOf(march)).toMatchObject({
      usedMinutes: before.usedMinutes - 60,
      leftMinutes: before.leftMinutes + 60,
    });
    expect(await linesOf(march, visitId)).toEqual([]);
    expect(await office.decide(visitId, 'PAY', '2026-03-13T12:00:00')).toBe('PAY');
    expect(await owedFor(visitId)).toEqual({ gross: hour.grossFen, family: hour.selfPaidFen });
    expect(await hoursOf(march)).toEqual(before);
    expect(await linesOf(march, visitId)).toEqual(['USE 5000', 'CORRECT -5000', 'USE 5000']);
  });
});

describe('hours of a month that is over', () => {
  async function expireAll(now: string): Promise<void> {
    while ((await office.server.database.write((manager) => expireHours(manager, at(now)))) > 0);
  }

  it('still pay a visit of that month that is let through again', async () => {
    const visitId = await office.bring('2026-02-16', { isDoubtful: true, hour: 9 });
    expect(await office.decide(visitId, 'BLOCK', '2026-02-17T12:00:00')).toBe('BLOCK');
    await expireAll('2026-03-02T03:00:00');
    const ended = await hoursOf('2026-02');
    expect(ended).toMatchObject({ leftMinutes: 0 });
    expect(await office.decide(visitId, 'PAY', '2026-03-03T12:00:00')).toBe('PAY');
    expect(await owedFor(visitId)).toEqual({ gross: hour.grossFen, family: hour.selfPaidFen });
    await expireAll('2026-03-04T03:00:00');
    expect(await hoursOf('2026-02')).toEqual({
      usedMinutes: ended.usedMinutes + 60,
      leftMinutes: 0,
      lostMinutes: ended.lostMinutes - 60,
    });
  });
});

describe('a visit that was taken for missed', () => {
  it('is clean in the books while it goes on, and has its hours again when it ends, its month over or not', async () => {
    const { database } = office.server;
    const visitId = await office.bring('2026-03-31', {
      hour: 8,
      missedAt: '2026-03-31T12:00:00',
      uploadedAt: '2026-04-01T08:00:00',
      async between() {
        await expectAuditClean(database);
        while ((await database.write((manager) => expireHours(manager, at('2026-04-01T03:00:00')))) > 0);
      },
    });
    expect(await owedFor(visitId)).toEqual({ gross: hour.grossFen, family: hour.selfPaidFen });
  });
});

describe('a month that goes back after a later one took a visit of it back', () => {
  it('has the visit again, so that the two come to nothing', async () => {
    const visitId = await office.bring('2026-03-18', { isDoubtful: true });
    expect(await office.decide(visitId, 'PAY', '2026-03-19T12:00:00')).toBe('PAY');
    office.server.clock.set(at('2026-04-01T09:00:00'), 0);
    expect(await office.step('station', 'submitStatement', '2026-02')).toBe('SUBMITTED');
    expect(await office.step('station', 'submitStatement', march)).toBe('SUBMITTED');
    expect(await office.decide(visitId, 'BLOCK', '2026-04-02T12:00:00')).toBe('BLOCK');
    office.server.clock.set(at('2026-05-01T09:00:00'), 0);
    expect(await office.step('station', 'submitStatement', april)).toBe('SUBMITTED');
    expect(await linesOf(april, visitId)).toEqual(['CORRECT -5000']);
    expect(await office.step('street', 'returnStatement', march, ', note: "核对"')).toBe('DRAFT');
    expect(await linesOf(march, visitId)).toEqual(['USE 5000']);
    expect(await office.step('station', 'submitStatement', march)).toBe('SUBMITTED');
    expect(await linesOf(march, visitId)).toEqual(['USE 5000']);
    const said: string[] = [];
    const broken = office.server.database.write(async (manager) => {
      await manager.query("DELETE FROM station_line WHERE visitId = ? AND kind = 'USE'", [visitId]);
      await runChecks(manager, stationStatementChecks, (line) => said.push(line));
      throw new Error('not to be kept');
    });
    await expect(broken).rejects.toThrow('not to be kept');
    expect(said).toContain('BROKEN no station pays back a visit that no statement of a closed month paid');
  });
});

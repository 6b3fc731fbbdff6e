import { readFileSync } from 'node:fs';
import type { EntityManager } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyLog } from '../../src/audit-log/verify-log.js';
import { homeSettlement } from '../../src/beds/bed-days/home-settlement.js';
import { canteenSettlement } from '../../src/meals/canteen-settlement.js';
import { stepOperations } from '../../src/settlement/audit-digests.js';
import { linesDigest } from '../../src/settlement/lines-digest.js';
import type { SettlementKind } from '../../src/settlement/settlement-kind.js';
import { stationSettlement } from '../../src/visits/station-settlement.js';
import { linkAll, tamper } from '../support/audit-trail.js';
import { brokenWith, expectAuditClean } from '../support/audited.js';
import { noonOf, openHomeOffice } from '../support/home-office.js';
import { at, type Office, openOffice } from '../support/settlement.js';
import { openStationOffice } from '../support/station-office.js';
import type { TestServer } from '../support/test-server.js';

const written = 'what is written down for a statement is what the digest of its submission was made of';
const logged =
  'every step of a statement that the audit log has is one of its events, with the digest of then';

/** The digest of a statement of March with these changes, which are not kept. */
async function digestWith(
  server: TestServer,
  kind: SettlementKind,
  changes: readonly string[],
): Promise<string> {
  const undone = new Error('taken back');
  let digest = '';
  const tried = server.database.write(async (manager) => {
    for (const sql of changes) await manager.query(sql);
    digest = await linesDigest(manager, kind.lines, await marchOf(manager, kind));
    throw undone;
  });
  await expect(tried).rejects.toBe(undone);
  return digest;
}

async function marchOf(manager: EntityManager, { name }: SettlementKind): Promise<number> {
  const rows: { id: number }[] = await manager.query(
    "SELECT id FROM month_statement WHERE kind = ? AND month = '2026-03'",
    [name],
  );
  return rows[0]?.id ?? 0;
}

describe("a canteen's frozen month", () => {
  let office: Office;
  let id: number;
  let posting: number;
  beforeAll(async () => {
    office = await openOffice();
    const [one, other] = [await office.diner(), await office.diner()];
    await office.eat(one, '2026-03-11');
    await office.eat(other, '2026-03-12');
    office.server.clock.set(at('2026-04-01T00:10:00'), 0);
    const step = (by: Parameters<Office['step']>[0], name: string, more = '') =>
      office.step(by, `${name}Statement`, '2026-03', more);
    await step('canteen', 'submit');
    await step('street', 'return', ', note: "缺单"');
    expect(await brokenWith(office.server.database, [])).toEqual([]);
    await step('canteen2', 'submit');
    await step('street', 'review');
    await step('county', 'sendBack', ', note: "重看"');
    await step('street', 'review');
    await step('county', 'sign');
    await step('finance', 'pay', ', note: "P-1"');
    expect(await step('finance2', 'freeze')).toBe('FROZEN');
    id = await office.server.database.read((manager) => marchOf(manager, canteenSettlement));
    const [line] = await office.lines('2026-03');
    posting = Number(line?.id);
  });
  afterAll(() => office.server.close());

  /** A line that is gone, and everything that is made of the lines with it. */
  const lessOne = () => [
    `DELETE FROM statement_line WHERE postingId = ${posting}`,
    `UPDATE statement_share SET units = units - 1, fen = fen - 300 WHERE statementId = ${id}`,
    `UPDATE month_statement
        SET lineCount = lineCount - 1, unitCount = unitCount - 1, elderCount = elderCount - 1,
            grossFen = grossFen - 1200, subsidyFen = subsidyFen - 300, selfPaidFen = selfPaidFen - 900
      WHERE id = ${id}`,
  ];
  const withDigest = (digest: string | null) =>
    `UPDATE statement_event SET linesDigest = ${digest === null ? 'NULL' : `'${digest}'`}
      WHERE statementId = ${id} AND version = 3`;
  const broken = (...changes: string[]) => brokenWith(office.server.database, changes);

  it('holds with all its steps, forth and back', async () => {
    await expectAuditClean(office.server.database);
  });

  it('has the same digest by whatever pages its lines are read', async () => {
    const read = (rowsMax?: number) =>
      office.server.database.read((manager) => linesDigest(manager, canteenSettlement.lines, id, rowsMax));
    expect(await read()).toMatch(/^[0-9a-f]{64}$/);
    expect(await read(1)).toBe(await read());
    expect(await read(2)).toBe(await read());
  });

  it('does not hold without a line, though sums and shares are those of the others, and no later month is there', async () => {
    expect(await broken(...lessOne())).toEqual([written]);
  });

  it('is held to the audit log where the digest was made anew, or taken away', async () => {
    const digest = await digestWith(office.server, canteenSettlement, lessOne());
    expect(await broken(...lessOne(), withDigest(digest))).toEqual([logged]);
    expect(await broken(...lessOne(), withDigest(null))).toEqual([logged]);
  });

  it('cannot vanish with all that is written down for it', async () => {
    const gone = ['statement_line', 'statement_share', 'statement_event'].map(
      (table) => `DELETE FROM ${table} WHERE statementId = ${id}`,
    );
    expect(await broken(...gone, `DELETE FROM month_statement WHERE id = ${id}`)).toEqual([logged]);
  });

  it('is of its place and month, and has taken the steps that were recorded', async () => {
    expect(await broken(`UPDATE month_statement SET month = '2026-02' WHERE id = ${id}`)).toContain(logged);
    const last = `statementId = ${id} AND event = 'FREEZE'`;
    expect(
      await broken(
        `DELETE FROM statement_event WHERE ${last}`,
        `UPDATE month_statement SET state = 'PAID', version = version - 1 WHERE id = ${id}`,
      ),
    ).toEqual([logged]);
  });

  it('needs no digest where it was submitted before there were any', async () => {
    const renamed = `UPDATE audit_record SET details = REPLACE(details, '"linesDigest":', '"other":')`;
    expect(await broken('UPDATE statement_event SET linesDigest = NULL', renamed)).toEqual([]);
  });

  it('is held to the chain of the log where its record was altered too', async () => {
    const { database } = office.server;
    const digest = await digestWith(office.server, canteenSettlement, lessOne());
    const [{ kept }] = await database.read((manager) =>
      manager.query(
        `SELECT linesDigest AS kept FROM statement_event WHERE statementId = ${id} AND version = 3`,
      ),
    );
    await linkAll(database);
    expect((await verifyLog(database)).broken).toBeUndefined();
    const records = `UPDATE audit_record SET details = REPLACE(details, '${kept}', '${digest}')`;
    const events = `UPDATE statement_event SET linesDigest = '${digest}' WHERE linesDigest IS NOT NULL`;
    await tamper(database, ...lessOne(), events, records);
    await expectAuditClean(database);
    expect((await verifyLog(database)).broken).toMatchObject({ fault: 'ALTERED' });
  });
});

describe("a station's month", () => {
  it('is held to its digest, whatever of a line is altered', async () => {
    const office = await openStationOffice();
    await office.bring('2026-03-11');
    await office.bring('2026-03-12');
    office.server.clock.set(at('2026-04-01T00:10:00'), 0);
    expect(await office.step('station', 'submitStatement', '2026-03')).toBe('SUBMITTED');
    const { database } = office.server;
    expect(await brokenWith(database, [])).toEqual([]);
    const altered = ['UPDATE station_line SET score = score - 1'];
    expect(await brokenWith(database, altered)).toContain(written);
    const digest = await digestWith(office.server, stationSettlement, altered);
    const kept = `UPDATE statement_event SET linesDigest = '${digest}'`;
    expect(await brokenWith(database, [...altered, kept])).toContain(logged);
    await office.server.close();
  });
});

describe("a home's month", () => {
  it('is held to its digest, with which funder pays for which days', async () => {
    const office = await openHomeOffice();
    const { deeds, bedIds } = office;
    await deeds.admit(bedIds[0] ?? 0, await office.resident({ level: 3 }), '2026-03-01');
    office.server.clock.set(noonOf('2026-04-02'), 0);
    expect(await office.step('home', 'submitStatement', '2026-03')).toBe('SUBMITTED');
    const { database } = office.server;
    expect(await brokenWith(database, [])).toEqual([]);
    await tamper(database, "INSERT INTO funder (code, name) VALUES ('OTHER', '街道')");
    const otherId = "(SELECT id FROM funder WHERE code = 'OTHER')";
    const altered = [
      `UPDATE home_line_part SET funderId = ${otherId}`,
      `UPDATE statement_share SET funderId = ${otherId}`,
    ];
    expect(await brokenWith(database, altered)).toEqual([written]);
    const digest = await digestWith(office.server, homeSettlement, altered);
    const kept = `UPDATE statement_event SET linesDigest = '${digest}'`;
    expect(await brokenWith(database, [...altered, kept])).toEqual([logged]);
    await office.server.close();
  });
});

it('the log is asked for the steps by what they are called in the graph', async () => {
  const schema = readFileSync('schema/schema.graphql', 'utf8');
  for (const operation of Object.values(stepOperations).flat()) {
    if (!operation.startsWith('cli ')) expect(schema).toContain(`  ${operation}(`);
  }
});

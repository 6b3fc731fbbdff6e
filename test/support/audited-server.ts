import type { AuditRow } from '../../src/audit-log/audit-record.js';
import { recordsOf } from './audit-trail.js';
import { startTestServer, type TestServer } from './test-server.js';
import { noon } from './town.js';
import { buildTwoCounties, type TwoCounties } from './two-counties.js';

/** One server and town for all cases; the bindings are set once, before the first case. */
export let server: TestServer;
export let town: TwoCounties;
export let readerId: number;
export const tokens: Record<'admin' | 'manager' | 'stranger' | 'reader' | 'staff', string> = {
  admin: '',
  manager: '',
  stranger: '',
  reader: '',
  /** Of whoever takes the step under test. */
  staff: '',
};
export async function startAuditedServer(): Promise<void> {
  server = await startTestServer({ at: noon });
  town = await buildTwoCounties(server.database);
  tokens.admin = await server.adminToken();
  tokens.manager = await server.managerToken(town.countyId);
  tokens.stranger = await server.managerToken(town.otherCountyId);
  const reader = await server.account('READER', town.canteenIds[0]);
  tokens.reader = reader.token;
  readerId = reader.accountId;
}

let seen = 0;
/** What the log holds by now is of no interest to the test. */
export async function overlookRecords(): Promise<void> {
  seen = (await recordsOf(server.database)).length;
}

/** What the log gained since the test began. */
export async function gained(): Promise<AuditRow[]> {
  const records = (await recordsOf(server.database)).sort(
    (one, other) => one.at - other.at || one.id - other.id,
  );
  return records.slice(seen);
}

export async function newReader(): Promise<number> {
  return (await server.account('READER', town.canteenIds[0])).accountId;
}

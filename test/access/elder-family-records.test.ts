import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDatabase } from '../../ormconfig.js';
import { brokenPhones } from '../../src/access/audit-phones.js';
import { sealedTables } from '../../src/cli/sealed-tables.js';
import { migrate } from '../../src/shared/migrate.js';
import { rotateKeys } from '../../src/shared/rotate-keys.js';
import { expectAuditClean } from '../support/audited.js';
import {
  addRelative,
  type Families,
  familyToken,
  keepMessages,
  letIn,
  requestCode,
  signInByCode,
  withdraw,
} from '../support/families.js';
import { settleFile } from '../support/settled-file.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { testKeysOf } from '../support/test-keys.js';
import { startTestServer } from '../support/test-server.js';
import { addDiner, buildTown, noon } from '../support/town.js';

let open: TestDatabase;
let families: Families;
let admin: string;
beforeAll(async () => {
  open = await openTestDatabase();
  const town = await buildTown(open.database);
  const server = await startTestServer({ on: open, at: noon, settings: { elderRetentionDays: 30 } });
  const staff = (await server.account('STAFF', town.streetId)).token;
  families = { server, town, kept: keepMessages(server), staff };
  admin = await server.adminToken();
});
afterAll(async () => {
  await families.server.close();
  await open.drop();
});

const query = <Row>(sql: string, parameters: unknown[] = []): Promise<Row[]> =>
  open.database.write((manager) => manager.query(sql, parameters));

async function exported(elderId: number): Promise<{ relatives: Record<string, unknown>[] }> {
  const { body } = await families.server.post<{ exportElder: { json: string } }>(
    `{ exportElder(elderId: ${elderId}) { json } }`,
    {},
    admin,
  );
  return JSON.parse(body.data.exportElder.json);
}

it('the file of an elder holds its relatives and all that was agreed', async () => {
  const { elderId, grantId, phone } = await addRelative(families, ['MONEY']);
  await withdraw(families.server, families.staff, grantId);
  const { relatives } = await exported(elderId);
  expect(relatives).toMatchObject([
    {
      name: '王芳',
      phone: `139******${phone.slice(-2)}`,
      rights: ['MONEY'],
      consents: [
        { event: 'GIVEN', giver: 'ELDER', how: 'IN_PERSON', rights: ['MONEY'], textVersion: '2026-1' },
        { event: 'WITHDRAWN', textVersion: null },
      ],
    },
  ]);
});

it('an erased file has no relatives, and the phone of one who has another elder stays', async () => {
  const { server, town, kept, staff } = families;
  const one = await addRelative(families, ['MONEY'], { name: '李秀兰' });
  const both = await addRelative(families, [], { elderId: one.elderId, name: '李秀兰' });
  const { elderId: other } = await addDiner(town);
  await letIn(server, staff, { elderId: other, phone: both.phone });
  await query("UPDATE elder SET status = 'DECEASED', endedOn = '2020-01-02' WHERE id = ?", [one.elderId]);
  await settleFile(town, one.elderId);
  await server.post(`mutation { eraseElder(elderId: ${one.elderId}) { __typename } }`, {}, admin);

  const consents = await query<{ name: string }>(
    'SELECT c.name FROM family_consent c JOIN access_grant g ON g.id = c.grantId WHERE g.elderId = ?',
    [one.elderId],
  );
  expect(consents).toEqual([{ name: '已清除' }, { name: '已清除' }]);
  for (const { token } of [one, both]) {
    const { body } = await server.post(`{ elder(id: ${one.elderId}) { name } }`, {}, token);
    expect(body.data).toEqual({ elder: null });
    expect(body.errors?.[0]?.extensions.code).toBe(token === one.token ? 'FORBIDDEN' : undefined);
  }
  const sent = kept.sent.length;
  await requestCode(server, one.phone);
  expect(kept.sent).toHaveLength(sent);
  await familyToken(server, kept, both.phone);
  await expectAuditClean(open.database);
});

it('rotate-key encrypts the phones anew, after which the old key is needed no more', async () => {
  const { server, kept } = families;
  const { phone } = await addRelative(families);
  const { database, writer } = await openDatabase(open.url, { identityKeys: testKeysOf('k2', 'k1') });
  await migrate(writer);
  expect(await rotateKeys(database, sealedTables)).toMatchObject({
    remaining: 0,
    unreadable: [],
    retired: ['k1'],
  });
  await database.close();
  const stored = await query<{ phoneSealed: string }>('SELECT phoneSealed FROM family_phone');
  expect(stored.every(({ phoneSealed }) => phoneSealed.startsWith('v1.k2.'))).toBe(true);
  const alone = await openDatabase(open.url, { identityKeys: testKeysOf('k2') });
  await migrate(alone.writer);
  await expectAuditClean(alone.database);
  await alone.database.close();
  // Found by the hash, which has a key of its own.
  await requestCode(server, phone);
  expect((await signInByCode(server, phone, kept.codeOf(phone) ?? '')).__typename).toBe('Session');
});

it('the audit tells a phone that was altered, or moved to another account', async () => {
  const [one, other] = await query<{ accountId: number }>(
    'SELECT accountId FROM family_phone ORDER BY 1 LIMIT 2',
  );
  await query(
    `UPDATE family_phone SET phoneSealed = (SELECT value FROM
       (SELECT phoneSealed AS value FROM family_phone WHERE accountId = ?) copied) WHERE accountId = ?`,
    [other?.accountId, one?.accountId],
  );
  await query("UPDATE family_phone SET phoneSealed = 'plain' WHERE accountId = ?", [other?.accountId]);
  const { database, writer } = await openDatabase(open.url, { identityKeys: testKeysOf('k2') });
  await migrate(writer);
  const broken = await database.read(async (manager) => {
    const found: unknown[] = [];
    for await (const phone of brokenPhones(manager)) found.push(phone);
    return found;
  });
  await database.close();
  expect(broken).toEqual([
    { accountId: one?.accountId, what: 'the phone is not the one of its hash' },
    { accountId: other?.accountId, what: 'family_phone.phone holds a value that is not encrypted' },
  ]);
});

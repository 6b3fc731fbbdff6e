import { createHash } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { openDatabase } from '../../ormconfig.js';
import { demoCurl, seedDemo } from '../../seeds/demo.js';
import { eldersPerChunk, seedElders } from '../../seeds/demo-elders.js';
import { insertReference } from '../../seeds/reference/insert-reference.js';
import { hashToken } from '../../src/access/tokens.js';
import { readCanteenTerms, termsKey } from '../../src/meals/canteen-terms.js';
import { splitPrice } from '../../src/meals/subsidy.rules.js';
import type { Clock } from '../../src/shared/clock.js';
import { expectAuditClean } from '../support/audited.js';
import { requestCode, signInByCode } from '../support/families.js';
import { rolesOf, signedIn } from '../support/staff.js';
import { engine, openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { testKeys } from '../support/test-keys.js';
import { startTestServer } from '../support/test-server.js';

const noon: Clock = { now: () => new Date('2026-11-20T12:00:00+08:00') };
const graphqlUrl = 'http://127.0.0.1:4000/graphql';
/** Who signs in, one of each role and some more. */
const people = 16;
/** Stations have caregivers as their elders need them, as whom nobody signs in. */
const notOfACrew = (name: string) => `${name} NOT LIKE '护理员 NY-%'`;

const cleanUps: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function open(): Promise<TestDatabase> {
  const opened = await openTestDatabase();
  cleanUps.push(opened.drop);
  return opened;
}

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'yinling-seeds-'));
  cleanUps.push(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

async function count({ writer }: TestDatabase, table: string, where = '1 = 1'): Promise<number> {
  const [row] = await writer.query(`SELECT COUNT(*) AS count FROM ${table} WHERE ${where}`);
  return Number(row.count);
}

/** A hash of every row of every table. */
async function fingerprint({ writer }: TestDatabase): Promise<string> {
  const hash = createHash('sha256');
  for (const { tableName } of writer.entityMetadatas) {
    const rows: object[] = await writer.query(`SELECT * FROM ${tableName}`);
    hash.update(
      `${tableName} ${rows
        .map((row) => JSON.stringify(row))
        .sort()
        .join()}`,
    );
  }
  return hash.digest('hex');
}

function demo(opened: TestDatabase, dataDir: string, elders: number): Promise<void> {
  return seedDemo(opened.database, { elders, dataDir, graphqlUrl, clock: noon, progress: false });
}

function readFile(dataDir: string) {
  return JSON.parse(readFileSync(join(dataDir, 'demo-credentials.json'), 'utf8'));
}

async function activeKeys({ writer }: TestDatabase): Promise<Set<string>> {
  const rows: { hash: string }[] = await writer.query(
    'SELECT hash FROM access_token WHERE revokedAt IS NULL',
  );
  return new Set(rows.map(({ hash }) => hash));
}

describe('the reference data', () => {
  it("has the report's network, each facility beneath its parent since the day it opened", async () => {
    const opened = await open();
    await opened.database.write(insertReference);
    const kinds = await opened.writer.query('SELECT kind, COUNT(*) AS count FROM facility GROUP BY kind');
    expect(
      Object.fromEntries(kinds.map((row: { kind: string; count: number }) => [row.kind, Number(row.count)])),
    ).toEqual({
      CITY_CENTER: 1,
      COUNTY_CENTER: 16,
      STREET_CENTER: 45,
      REGIONAL_CENTER: 27,
      DAY_CARE_CENTER: 443,
      HOME_CARE_STATION: 468,
      ELDER_CANTEEN: 304,
    });
    expect(await count(opened, 'facility_placement', 'toDay IS NULL')).toBe(1303);
    const early = await opened.writer.query(
      `SELECT p.id FROM facility_placement p
         JOIN facility child ON child.id = p.facilityId JOIN facility parent ON parent.id = p.parentId
        WHERE p.fromDay <> child.openedOn OR p.fromDay < parent.openedOn`,
    );
    expect(early).toEqual([]);
    const [first] = await opened.writer.query(
      "SELECT code FROM facility WHERE kind = 'ELDER_CANTEEN' ORDER BY id LIMIT 1",
    );
    expect(first).toEqual({ code: 'NY-411302-C001' });
  });

  it('lets every canteen be swiped at: terms, accounts, and the rule with its dated change', async () => {
    const opened = await open();
    await opened.database.write(insertReference);
    const rows: { facilityId: number }[] = await opened.writer.query('SELECT facilityId FROM canteen');
    expect(rows).toHaveLength(304);
    const days = ['2022-07-31', '2022-08-01', '2026-11-20'];
    const keys = rows.flatMap(({ facilityId }) => days.map((day) => ({ canteenId: facilityId, day })));
    const terms = await opened.database.read((manager) => readCanteenTerms(manager, keys));
    const setsAt = (canteenId: number, day: string) => terms.get(termsKey({ canteenId, day }))?.subsidy.sets;
    expect(rows.filter(({ facilityId }) => setsAt(facilityId, '2026-11-20')?.length !== 1)).toEqual([]);
    const subsidyOn = (day: string, birthDate: string) => {
      // Many canteens stood nowhere yet in 2022.
      const placed = rows.find(({ facilityId }) => setsAt(facilityId, day)?.length === 1);
      const subsidy = terms.get(termsKey({ canteenId: placed?.facilityId ?? 0, day }))?.subsidy;
      const diner = {
        birthDate,
        categories: [],
        abilityLevel: null,
        abilityExpiresOn: null,
        residence: null,
      };
      const lunch = {
        meal: 'LUNCH',
        minute: 720,
        mode: 'DINE_IN',
        menu: 'SET_MEAL',
        grossFen: 1200,
      } as const;
      return subsidy && splitPrice(subsidy, { ...lunch, diner, day }, []).subsidyFen;
    };
    expect(subsidyOn('2022-07-31', '1950-01-01')).toBe(200);
    expect(subsidyOn('2022-08-01', '1950-01-01')).toBe(300);
    expect(subsidyOn('2026-11-20', '1966-11-20')).toBe(300);
    expect(subsidyOn('2026-11-20', '1966-11-21')).toBe(0);
    expect(await count(opened, 'ledger_account')).toBe(1 + 1 + 304 * 2);
  });

  it('leaves alone what somebody has changed', async () => {
    const opened = await open();
    await opened.database.write(insertReference);
    await opened.writer.query("UPDATE facility SET name = '改过的名字' WHERE code = 'NY-411302-C001'");
    await opened.writer.query('UPDATE canteen SET priceFenMax = 1');
    const before = await fingerprint(opened);
    await opened.database.write(insertReference);
    expect(await fingerprint(opened)).toBe(before);
  });
});

describe('the elders', () => {
  it('have one active card each, and a balance that is the sum of their entries', async () => {
    const opened = await open();
    await opened.database.write(insertReference);
    expect(await seedElders(opened.database, { elders: 600 })).toBe(600);
    for (const table of ['elder', 'meal_card', 'top_up', 'ledger_posting']) {
      expect(await count(opened, table), table).toBe(600);
    }
    expect(await count(opened, 'meal_card', "status = 'ACTIVE' AND activeElderId = elderId")).toBe(600);
    expect(await count(opened, 'ledger_entry')).toBe(1200);
    const { writer } = opened;
    const [sums] = await writer.query('SELECT SUM(fen) AS ledger FROM ledger_entry');
    expect(Number(sums.ledger)).toBe(0);
    const unbalanced = await writer.query(
      'SELECT postingId FROM ledger_entry GROUP BY postingId HAVING SUM(fen) <> 0',
    );
    expect(unbalanced).toEqual([]);
    const wrong = await writer.query(
      `SELECT a.ownerId FROM ledger_account a LEFT JOIN ledger_entry e ON e.accountId = a.id
        WHERE a.kind = 'ELDER' GROUP BY a.id, a.ownerId, a.balanceFen HAVING SUM(e.fen) <> a.balanceFen`,
    );
    expect(wrong).toEqual([]);
    const misplaced = await writer.query(
      `SELECT t.id FROM top_up t JOIN meal_card c ON c.id = t.cardId
         JOIN ledger_posting p ON p.kind = 'TOP_UP' AND p.sourceId = t.id AND p.postedAt = t.at
         JOIN ledger_entry e ON e.postingId = p.id JOIN ledger_account a ON a.id = e.accountId
        WHERE a.kind = 'ELDER' AND (a.ownerId <> c.elderId OR e.fen <> t.fen)`,
    );
    expect(misplaced).toEqual([]);
  });

  it('are added to when more are wanted, and go on after a chunk that a kill cut off', async () => {
    const opened = await open();
    await opened.database.write(insertReference);
    expect(await seedElders(opened.database, { elders: 300 })).toBe(300);
    expect(await seedElders(opened.database, { elders: eldersPerChunk + 200 })).toBe(eldersPerChunk - 100);
    const before = await fingerprint(opened);
    expect(await seedElders(opened.database, { elders: eldersPerChunk + 200 })).toBe(0);
    expect(await seedElders(opened.database, { elders: 50 })).toBe(0);
    expect(await fingerprint(opened)).toBe(before);

    const interrupted = seedElders(opened.database, {
      elders: eldersPerChunk * 3,
      onProgress: () => {
        throw new Error('killed');
      },
    });
    await expect(interrupted).rejects.toThrow('killed');
    expect(await count(opened, 'elder')).toBe(eldersPerChunk * 2);
    expect(await seedElders(opened.database, { elders: eldersPerChunk * 3 })).toBe(eldersPerChunk);
    expect(await count(opened, 'elder')).toBe(eldersPerChunk * 3);
    expect(await count(opened, 'top_up')).toBe(eldersPerChunk * 3);
  });

  it('cannot be more than there are numbers for', async () => {
    const opened = await open();
    const { database } = opened;
    await expect(seedElders(database, { elders: 20_000_000 })).rejects.toThrow(RangeError);
    expect(await count(opened, 'elder')).toBe(0);
  });
});

describe('the demo city', () => {
  it('changes nothing when it is seeded again', async () => {
    const opened = await open();
    const dataDir = folder();
    await demo(opened, dataDir, 300);
    const before = [await fingerprint(opened), readFile(dataDir)];
    await demo(opened, dataDir, 300);
    expect([await fingerprint(opened), readFile(dataDir)]).toEqual(before);
  });

  it('writes keys that only the owner can read, the demonstration canteen first', async () => {
    const opened = await open();
    const dataDir = folder();
    await demo(opened, dataDir, 10);
    expect(statSync(join(dataDir, 'demo-credentials.json')).mode & 0o777).toBe(0o600);
    const file = readFile(dataDir);
    expect(Object.keys(file)).toEqual(['graphql', 'admin', 'managers', 'readers', 'accounts']);
    expect(file.graphql).toBe(graphqlUrl);
    expect(file.managers.map(({ facilityCode }: { facilityCode: string }) => facilityCode)).toEqual([
      'NY-411302',
      'NY-411302-S01',
      'NY-411302-C001',
      'NY-411303',
    ]);
    expect(file.readers).toHaveLength(304);
    expect(file.readers[0].facilityCode).toBe('NY-411302-C001');
    const [canteen] = await opened.writer.query("SELECT id FROM facility WHERE code = 'NY-411302-C001'");
    expect(file.readers[0].facilityId).toBe(String(canteen.id));
    const tokens = [file.admin, ...file.managers, ...file.readers].map(({ token }) => token);
    expect(new Set(tokens).size).toBe(309);
    expect(await activeKeys(opened)).toEqual(new Set(tokens.map(hashToken)));
    const grants = await opened.writer.query(
      `SELECT g.role, g.facilityId FROM access_token t JOIN access_grant g ON g.accountId = t.accountId
        WHERE t.hash = '${hashToken(file.readers[0].token)}'`,
    );
    expect(grants).toEqual([{ role: 'READER', facilityId: canteen.id }]);
  });

  it('has one person of each role and the managers of a month, who can sign in with the password of the file', async () => {
    const opened = await open();
    const dataDir = folder();
    await demo(opened, dataDir, 10);
    const { accounts } = readFile(dataDir);
    const server = await startTestServer({ on: opened });
    expect(accounts.map(({ role, facilityCode }: Record<string, unknown>) => [role, facilityCode])).toEqual([
      ['ADMIN', null],
      ['MANAGER', 'NY-411302'],
      ['MANAGER', 'NY-411302-C001'],
      ['MANAGER', 'NY-411302-S01'],
      ['MANAGER', 'NY-411302-H001'],
      ['MANAGER', 'NY-411302-N001'],
      ['MANAGER', 'NY-411302-N002'],
      ['MANAGER', 'NY-411303-N001'],
      ['STAFF', 'NY-411302-S01'],
      ['CAREGIVER', 'NY-411302-S01'],
      ['CAREGIVER', 'NY-411302-S01'],
      ['CAREGIVER', 'NY-411302-S01'],
      ['COURIER', 'NY-411302-C001'],
      ['FINANCE', 'NY-411302'],
      ['AUDITOR', 'NY-411302'],
      ['FAMILY', null],
    ]);
    for (const { role, userName, password } of accounts) {
      const { accessToken, passwordTemporary } = await signedIn(server, userName, password);
      expect(passwordTemporary).toBe(false);
      expect(await rolesOf(server, accessToken)).toEqual([role]);
    }
    await server.close();
  });

  it('has a relative of an elder, who signs in with the code that is in the log', async () => {
    const opened = await open();
    const dataDir = folder();
    await demo(opened, dataDir, 10);
    const logged: string[] = [];
    const logSink = { write: (line: string) => logged.push(line) };
    const server = await startTestServer({ on: opened, settings: { logLevel: 'info' }, logSink });
    const { phone } = readFile(dataDir).accounts.find(({ role }: { role: string }) => role === 'FAMILY');
    await requestCode(server, phone);
    const messages = logged.filter((line) => line.includes('验证码'));
    expect(messages).toHaveLength(1);
    expect(messages[0]).not.toContain(phone);
    const code = /验证码是 (\d{6})/.exec(messages[0] ?? '')?.[1] ?? '';
    const { accessToken } = await signInByCode(server, phone, code);
    const mine =
      '{ elders { nodes { name categories abilityLevel card { balanceFen } visits { totalCount } relatives { mayLetIn } } } }';
    const { body } = await server.post<{ elders: { nodes: unknown[] } }>(mine, {}, accessToken);
    expect(body.errors).toBeUndefined();
    expect(body.data.elders.nodes).toMatchObject([{ relatives: [{ mayLetIn: true }] }]);
    await expectAuditClean(opened.database);
    await server.close();
  });

  it('adds the people to a file of before they could sign in, and leaves its keys', async () => {
    const opened = await open();
    const dataDir = folder();
    await demo(opened, dataDir, 10);
    const { accounts, ...keys } = readFile(dataDir);
    writeFileSync(join(dataDir, 'demo-credentials.json'), JSON.stringify(keys));
    await demo(opened, dataDir, 10);
    const renewed = readFile(dataDir);
    expect(renewed).toEqual({ ...keys, accounts: expect.any(Array) });
    expect(renewed.accounts.map(({ userName }: { userName: string }) => userName)).toEqual(
      accounts.map(({ userName }: { userName: string }) => userName),
    );
    expect(await count(opened, 'account', notOfACrew('name'))).toBe(309 + people);
  });

  it('makes new keys for the same accounts when the file is gone or broken, and the old ones stop counting', async () => {
    const opened = await open();
    const dataDir = folder();
    await demo(opened, dataDir, 10);
    const first = readFile(dataDir);
    rmSync(join(dataDir, 'demo-credentials.json'));
    await demo(opened, dataDir, 10);
    const second = readFile(dataDir);
    expect(second.admin.token).not.toBe(first.admin.token);
    writeFileSync(join(dataDir, 'demo-credentials.json'), '{"graphql": ');
    chmodSync(join(dataDir, 'demo-credentials.json'), 0o644);
    await demo(opened, dataDir, 10);
    const third = readFile(dataDir);
    expect(statSync(join(dataDir, 'demo-credentials.json')).mode & 0o777).toBe(0o600);
    // With the people who sign in, of whom the file tells only the newest passwords.
    expect(await count(opened, 'account', notOfACrew('name'))).toBe(309 + people);
    const crews = "SELECT id FROM account WHERE name LIKE '护理员 NY-%'";
    expect(await count(opened, 'access_grant', `accountId NOT IN (${crews})`)).toBe(309 + people);
    expect(third.accounts).toHaveLength(people);
    expect(third.accounts[0].password).not.toBe(first.accounts[0].password);
    const tokens = [third.admin, ...third.managers, ...third.readers].map(({ token }) => token);
    expect(await activeKeys(opened)).toEqual(new Set(tokens.map(hashToken)));
  });

  it("replaces another database's file, and keeps a changed address up to date", async () => {
    const [one, other] = [await open(), await open()];
    const dataDir = folder();
    await demo(one, dataDir, 10);
    const first = readFile(dataDir);
    await demo(other, dataDir, 10);
    const second = readFile(dataDir);
    expect(await activeKeys(other)).toContain(hashToken(second.admin.token));
    expect(second.admin.token).not.toBe(first.admin.token);
    const moved = {
      elders: 10,
      dataDir,
      graphqlUrl: 'http://127.0.0.1:4001/graphql',
      clock: noon,
      progress: false,
    };
    await seedDemo(other.database, moved);
    expect(readFile(dataDir)).toEqual({ ...second, graphql: moved.graphqlUrl });
  });

  it('offers a card that has not eaten, and asks for its key when the line runs', async () => {
    const opened = await open();
    const dataDir = folder();
    const options = { dataDir, graphqlUrl, clock: noon };
    expect(await demoCurl(opened.database, options)).toBe(undefined);
    await demo(opened, dataDir, 3);
    const line = (await demoCurl(opened.database, options)) ?? '';
    const cards: { uid: string; elderId: number }[] = await opened.writer.query(
      'SELECT uid, elderId FROM meal_card ORDER BY id',
    );
    expect(line).toContain(`"cardUid":"${cards[0]?.uid}"`);
    expect(line).toContain('"sequence":1');
    expect(line).not.toContain(readFile(dataDir).readers[0].token);
    await takeLunch(opened, readFile(dataDir).readers[0].facilityId, Number(cards[0]?.elderId));
    const next = (await demoCurl(opened.database, options)) ?? '';
    expect(next).toContain(`"cardUid":"${cards[1]?.uid}"`);
    expect(next).toContain('"sequence":8');
  });

  it('comes out once when two servers seed it together', async () => {
    if (engine === 'sqlite') return;
    const opened = await open();
    const second = await openDatabase(opened.url, { identityKeys: testKeys });
    cleanUps.push(() => second.database.close());
    const both = [opened, { ...opened, ...second }].map((one) => demo(one, folder(), 400));
    const failed = (await Promise.allSettled(both)).filter(({ status }) => status === 'rejected');
    expect(failed).toEqual([]);
    expect(await count(opened, 'facility')).toBe(1304 + 117);
    expect(await count(opened, 'elder')).toBe(400);
    expect(await count(opened, 'top_up')).toBe(400);
    expect(await count(opened, 'account', notOfACrew('name'))).toBe(309 + people);
  });
});

/** A lunch that this elder has had today, as the reader's seventh swipe. */
async function takeLunch({ writer }: TestDatabase, canteenId: string, elderId: number): Promise<void> {
  const [reader] = await writer.query("SELECT id FROM account WHERE name = '演示读卡器 NY-411302-C001'");
  await writer.query(
    `INSERT INTO swipe (id, swipeId, readerId, canteenId, sequence, cardUid, swipedAt, receivedAt, grossFen, mode,
                        offline, outcome, elderId, mealDate, meal, claimedMeal, subsidyFen, discountFen, selfPaidFen)
     VALUES (900000, 'ffffffff-0000-4000-8000-000000000000', ?, ?, 7, 'AAAAAAAA', ?, ?, 1200, 'DINE_IN',
             0, 'ACCEPTED', ?, '2026-11-20', 'LUNCH', 'LUNCH', 300, 0, 900)`,
    [reader.id, canteenId, noon.now().getTime(), noon.now().getTime(), elderId],
  );
}

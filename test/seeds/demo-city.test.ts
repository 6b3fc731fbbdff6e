import { describe, expect, it, onTestFinished } from 'vitest';
import { openDatabase } from '../../ormconfig.js';
import { demoCurl } from '../../seeds/demo.js';
import { expectAuditClean } from '../support/audited.js';
import {
  accountsOutsideCrews,
  demoClock,
  fingerprint,
  graphqlUrl,
  newDatabase,
  newFolder,
  peopleWhoSignIn,
  readCredentials,
  seedCity,
} from '../support/demo-city.js';
import { requestCode, signInByCode } from '../support/families.js';
import { engine, type TestDatabase } from '../support/test-database.js';
import { testKeys } from '../support/test-keys.js';
import { startTestServer } from '../support/test-server.js';
import { countRows } from '../support/town.js';

describe('the demo city', () => {
  it('changes nothing when it is seeded again', async () => {
    const opened = await newDatabase();
    const dataDir = newFolder();
    await seedCity(opened, dataDir, 300);
    const before = [await fingerprint(opened), readCredentials(dataDir)];
    await seedCity(opened, dataDir, 300);
    expect([await fingerprint(opened), readCredentials(dataDir)]).toEqual(before);
  });

  it('has a relative of an elder, who signs in with the code that is in the log', async () => {
    const opened = await newDatabase();
    const dataDir = newFolder();
    await seedCity(opened, dataDir, 10);
    const logged: string[] = [];
    const logSink = { write: (line: string) => logged.push(line) };
    const server = await startTestServer({ on: opened, settings: { logLevel: 'info' }, logSink });
    const { phone } = readCredentials(dataDir).accounts.find(
      ({ role }: { role: string }) => role === 'FAMILY',
    );
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

  it('offers a card that has not eaten, and asks for its key when the line runs', async () => {
    const opened = await newDatabase();
    const dataDir = newFolder();
    const options = { dataDir, graphqlUrl, clock: demoClock };
    expect(await demoCurl(opened.database, options)).toBe(undefined);
    await seedCity(opened, dataDir, 3);
    const line = (await demoCurl(opened.database, options)) ?? '';
    const cards: { uid: string; elderId: number }[] = await opened.writer.query(
      'SELECT uid, elderId FROM meal_card ORDER BY id',
    );
    expect(line).toContain(`"cardUid":"${cards[0]?.uid}"`);
    expect(line).toContain('"sequence":1');
    expect(line).not.toContain(readCredentials(dataDir).readers[0].token);
    await takeLunch(opened, readCredentials(dataDir).readers[0].facilityId, Number(cards[0]?.elderId));
    const next = (await demoCurl(opened.database, options)) ?? '';
    expect(next).toContain(`"cardUid":"${cards[1]?.uid}"`);
    expect(next).toContain('"sequence":8');
  });

  it('comes out once when two servers seed it together', async () => {
    if (engine === 'sqlite') return;
    const opened = await newDatabase();
    const second = await openDatabase(opened.url, { identityKeys: testKeys });
    onTestFinished(() => second.database.close());
    const both = [opened, { ...opened, ...second }].map((one) => seedCity(one, newFolder(), 400));
    const failed = (await Promise.allSettled(both)).filter(({ status }) => status === 'rejected');
    expect(failed).toEqual([]);
    expect(await countRows(opened, 'facility')).toBe(1304 + 117);
    expect(await countRows(opened, 'elder')).toBe(400);
    expect(await countRows(opened, 'top_up')).toBe(400);
    expect(await countRows(opened, accountsOutsideCrews)).toBe(309 + peopleWhoSignIn);
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
    [reader.id, canteenId, demoClock.now().getTime(), demoClock.now().getTime(), elderId],
  );
}

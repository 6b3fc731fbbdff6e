import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { openDatabase } from '../../ormconfig.js';
import { accessChecks } from '../../src/access/audit.js';
import type { Message, SendsMessages } from '../../src/access/messages.js';
import { dropOldNotices, type SendingNotices, sendNotices } from '../../src/access/notices/send-notices.js';
import { WebhookMessages } from '../../src/access/webhook-messages.js';
import { elderNoticeRecords } from '../../src/elders/notices/elder-notice-records.js';
import { type Notice, queueNotice } from '../../src/elders/notices/queue-notice.js';
import { authenticatedName } from '../../src/elders/sealed-fields.js';
import { runChecks } from '../../src/shared/audit-check.js';
import { systemClock } from '../../src/shared/clock.js';
import type { Database } from '../../src/shared/database.js';
import { cipherOf } from '../../src/shared/database-cipher.js';
import { isUuid } from '../../src/shared/uuid.js';
import { addResident } from '../support/beds.js';
import { changeRights, keepMessages, letIn, newPhone, withdraw } from '../support/families.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { testKeys } from '../support/test-keys.js';
import { startTestServer, type TestServer } from '../support/test-server.js';
import { addDiner, buildTown, countRows, noon, type Town } from '../support/town.js';

let open: TestDatabase;
let server: TestServer;
let town: Town;
let staff: string;
let second: Database;
beforeAll(async () => {
  open = await openTestDatabase();
  server = await startTestServer({ at: noon, on: open });
  keepMessages(server);
  town = await buildTown(server.database);
  staff = await server.managerToken(town.countyId);
  ({ database: second } = await openDatabase(open.url, { identityKeys: testKeys }));
});
afterAll(async () => {
  await second.close();
  await server.close();
  await open.drop();
});

const hour = 3_600_000;
const at = (hours: number) => new Date(noon.getTime() + hours * hour);
const offerOf = (elderId: number, more: Partial<Notice> = {}): Notice => ({
  ...{ kind: 'BED_OFFERED', elderId, happensAt: at(72), staleAt: at(72), now: noon },
  ...more,
});
const queue = (notice: Notice) => server.database.write((manager) => queueNotice(manager, notice));

/** A receiver that does as it is told, attempt by attempt; then it takes everything. */
class Receiver implements SendsMessages {
  readonly taken: Message[] = [];
  readonly tried: string[] = [];
  does: ('TAKEN' | 'REFUSED' | 'FAILS')[] = [];

  send(): void {
    throw new Error('notices are delivered, not sent blindly');
  }

  async deliver(message: Message): Promise<'TAKEN' | 'REFUSED'> {
    this.tried.push(message.id);
    const answer = this.does.shift() ?? 'TAKEN';
    if (answer === 'FAILS') throw new Error('the receiver is broken');
    if (answer === 'TAKEN') this.taken.push(message);
    return answer;
  }

  async settledWithin(): Promise<void> {
    // Nothing is on its way between two calls.
  }
}

let receiver: Receiver;
let outcomes: string[];
beforeEach(() => {
  receiver = new Receiver();
  outcomes = [];
});
/** What one test leaves waiting is none of the next one's business. */
afterEach(() => round(24 * 31, { messages: new Receiver() }));

function round(hours: number, more: Partial<SendingNotices> = {}, database = server.database) {
  return sendNotices(database, {
    ...{ messages: receiver, language: 'zh', attemptsPerRound: 100, now: at(hours), rightsAt: new Date() },
    ...{ onOutcome: (outcome: string) => outcomes.push(outcome), onFailure: () => outcomes.push('failed') },
    ...more,
  });
}

async function relative(elderId: number, rights: readonly ('BOOKING' | 'HEALTH' | 'MONEY')[]) {
  const phone = newPhone();
  const { id } = await letIn(server, staff, { elderId, phone, rights });
  return { phone, grantId: id };
}
const phonesTold = () => receiver.taken.map(({ phone }) => phone).sort();

it('an offer is told to relatives who may book and to the elder, once each, without a word of health', async () => {
  const { elderId, phone: own } = await elderWithPhone();
  const [one, other] = [await relative(elderId, ['BOOKING']), await relative(elderId, ['BOOKING', 'HEALTH'])];
  await relative(elderId, ['HEALTH', 'MONEY']);
  await queue(offerOf(elderId));
  await round(0);
  expect(phonesTold()).toEqual([own, one.phone, other.phone].sort());
  expect(new Set(receiver.taken.map(({ text }) => text)).size).toBe(1);
  const [{ text, id } = { text: '', id: '' }] = receiver.taken;
  expect(text).toBe('【银龄】李**轮候的床位有空位。请在3月13日12:00前登录答复，逾期将通知下一位。');
  expect(isUuid(id)).toBe(true);
  await round(0.1);
  expect(receiver.tried).toHaveLength(3);
  expect(outcomes).toEqual(['SENT', 'SENT', 'SENT']);
});

/** The file of an elder with a phone that is nobody else's. */
async function elderWithPhone() {
  const elderId = await addResident(town);
  const phone = newPhone();
  const sealed = await sealedPhone(phone);
  await server.database.write((manager) =>
    manager.query('UPDATE elder SET phoneSealed = ? WHERE id = ?', [sealed, elderId]),
  );
  return { elderId, phone };
}

async function sealedPhone(phone: string): Promise<string> {
  return server.database.read(async (manager) =>
    cipherOf(manager).encrypt(authenticatedName('phone'), phone),
  );
}

it('a right that was withdrawn or cut before it is sent counts, and a phone that both have is written to once', async () => {
  const { elderId } = await addDiner(town);
  const [gone, cut, kept] = [
    await relative(elderId, ['BOOKING']),
    await relative(elderId, ['BOOKING']),
    await relative(elderId, ['BOOKING']),
  ];
  await queue(offerOf(elderId));
  // The first attempt of each fails, so that they are spread and wait.
  receiver.does = ['FAILS', 'FAILS', 'FAILS'];
  await round(0);
  await withdraw(server, staff, gone.grantId);
  await changeRights(server, staff, { grantId: cut.grantId, rights: ['HEALTH'] });
  await round(0.1);
  expect(phonesTold()).toEqual([kept.phone]);
  expect(outcomes.sort()).toEqual(['NO_PHONE', 'NO_PHONE', 'SENT', 'failed', 'failed', 'failed']);

  const same = await elderWithPhone();
  await letIn(server, staff, { elderId: same.elderId, phone: same.phone, rights: ['BOOKING'] });
  receiver.taken.length = 0;
  await queue(offerOf(same.elderId));
  await round(0.2);
  expect(phonesTold()).toEqual([same.phone]);
});

it('is tried again later each time under one id, and given up after two hours or when the receiver says never', async () => {
  const { elderId } = await addDiner(town);
  await relative(elderId, ['BOOKING']);
  await queue(offerOf(elderId));
  receiver.does = Array(20).fill('FAILS');
  const triedAt: number[] = [];
  for (let minute = 0; minute < 300; minute += 1) {
    const before = receiver.tried.length;
    await round(minute / 60);
    if (receiver.tried.length > before) triedAt.push(minute);
  }
  expect(triedAt).toEqual([0, 1, 3, 7, 15, 31, 63, 95]);
  expect(new Set(receiver.tried).size).toBe(1);
  expect(outcomes.at(-1)).toBe('GIVEN_UP');
  expect(outcomes.filter((outcome) => outcome === 'GIVEN_UP')).toHaveLength(1);

  await queue(offerOf(elderId, { now: at(5) }));
  receiver.does = ['REFUSED'];
  await round(5);
  await round(9);
  expect(receiver.tried).toHaveLength(9);
  expect(outcomes.at(-1)).toBe('GIVEN_UP');
});

it('what nobody needs to know any more is not sent', async () => {
  const { elderId } = await addDiner(town);
  await relative(elderId, ['BOOKING']);
  await queue(offerOf(elderId));
  await round(72);
  expect(receiver.tried).toEqual([]);
  expect(outcomes).toEqual(['STALE']);
});

it('a crash in the middle of an attempt loses nothing: it is made again, under the same id', async () => {
  const { elderId } = await addDiner(town);
  await relative(elderId, ['BOOKING']);
  await queue(offerOf(elderId));
  // The message has arrived, and the server is gone before it can write that down.
  const broken: SendsMessages = {
    ...{ send: () => undefined, settledWithin: async () => undefined },
    deliver: async (message) => {
      receiver.tried.push(message.id);
      return new Promise<never>(() => undefined);
    },
  };
  void round(0, { messages: broken });
  await expect.poll(() => receiver.tried.length).toBe(1);
  await round(0.01);
  expect(receiver.tried).toHaveLength(1);
  await round(0.02);
  expect(receiver.taken).toHaveLength(1);
  expect(receiver.tried[1]).toBe(receiver.tried[0]);
});

it('what its transaction takes back is never told', async () => {
  const { elderId } = await addDiner(town);
  await relative(elderId, ['BOOKING']);
  const lost = server.database.write(async (manager) => {
    await queueNotice(manager, offerOf(elderId));
    throw new Error('lost');
  });
  await expect(lost).rejects.toThrow('lost');
  expect(await round(0)).toBe(0);
});

it('two servers that send at once send each message once', async () => {
  for (let times = 0; times < 3; times += 1) {
    const { elderId } = await addDiner(town);
    const told = [await relative(elderId, ['BOOKING']), await relative(elderId, ['BOOKING'])];
    await queue(offerOf(elderId));
    receiver.taken.length = 0;
    await Promise.all([round(0), round(0, {}, second), round(0), round(0, {}, second)]);
    await Promise.all([round(0), round(0, {}, second)]);
    expect(phonesTold()).toEqual(told.map(({ phone }) => phone).sort());
  }
});

it('one round makes no more attempts than it may, and the next goes on', async () => {
  const { elderId } = await addDiner(town);
  await relative(elderId, ['BOOKING']);
  for (let times = 0; times < 5; times += 1) await queue(offerOf(elderId));
  expect(await round(0, { attemptsPerRound: 3 })).toBe(3);
  expect(receiver.taken).toHaveLength(3);
  expect(await round(0, { attemptsPerRound: 3 })).toBe(2);
  expect(receiver.taken).toHaveLength(5);
});

it('one whose phone nobody can read any more holds up no other, in this round or a later one', async () => {
  const { elderId: broken } = await elderWithPhone();
  const { elderId: lost } = await addDiner(town);
  const { phone: unread } = await relative(lost, ['BOOKING']);
  await queue(offerOf(broken));
  await queue(offerOf(lost));
  const spoil = (elderId: number) =>
    server.database.write((manager) =>
      manager.query('UPDATE elder SET phoneSealed = ? WHERE id = ?', ['v1.no-such-key.AAAA', elderId]),
    );
  // The one before it is found out whom it is for, the other on its way to its relative.
  await spoil(broken);
  receiver.does = ['FAILS'];
  await round(0);
  const spoilPhone = (stored: string) =>
    server.database.write((manager) =>
      manager.query(
        'UPDATE family_phone SET phoneSealed = ? WHERE accountId = (SELECT MAX(accountId) FROM access_grant WHERE elderId = ?)',
        [stored, lost],
      ),
    );
  await spoilPhone('v1.no-such-key.AAAA');
  const told: string[] = [];
  for (let times = 0; times < 10; times += 1) {
    const { elderId } = await addDiner(town);
    told.push((await relative(elderId, ['BOOKING'])).phone);
    await queue(offerOf(elderId));
  }
  await round(0.1);
  expect(phonesTold()).toEqual(told.sort());
  expect(phonesTold()).not.toContain(unread);
  expect(outcomes.filter((outcome) => outcome === 'failed')).toHaveLength(3);
  for (let hours = 1; hours < 12; hours += 1) await round(hours);
  expect(outcomes.filter((outcome) => outcome === 'GIVEN_UP')).toHaveLength(1);
  expect(await countRows({ database: server.database }, 'notice_delivery WHERE dueAt IS NOT NULL')).toBe(0);
  await server.database.write((manager) =>
    manager.query('UPDATE elder SET phoneSealed = NULL WHERE id IN (?, ?)', [broken, lost]),
  );
});

it('a round that is to stop finds out no more whom notices are for', async () => {
  const { elderId } = await addDiner(town);
  for (let times = 0; times < 5; times += 1) await queue(offerOf(elderId));
  let asked = 0;
  await round(0, {
    isStopped: () => {
      asked += 1;
      return asked > 2;
    },
  });
  expect(await countRows({ database: server.database }, 'elder_notice WHERE spreadAt IS NULL')).toBe(3);
});

it('is handed out with the file, erased with it, and dropped after thirty days', async () => {
  const { elderId } = await addDiner(town);
  await relative(elderId, ['BOOKING']);
  const { elderId: otherId } = await addDiner(town);
  await queue(offerOf(elderId));
  await queue({ ...offerOf(otherId), kind: 'VISIT_MOVED', insteadOf: at(48), times: 3 });
  await round(0, { language: 'en' });
  const collect = (id: number) => server.database.read((manager) => elderNoticeRecords.collect(manager, id));
  expect(await collect(elderId)).toEqual([
    expect.objectContaining({ kind: 'BED_OFFERED', outcome: 'SENT', happensAt: at(72).toISOString() }),
  ]);
  await server.database.write((manager) => elderNoticeRecords.erase(manager, elderId));
  expect(await collect(elderId)).toEqual([]);
  expect(await collect(otherId)).toHaveLength(1);
  await dropOldNotices(server.database, at(24 * 29));
  expect(await collect(otherId)).toHaveLength(1);
  await dropOldNotices(server.database, at(24 * 31));
  expect(await countRows({ database: server.database }, `elder_notice WHERE elderId = ${otherId}`)).toBe(0);
});

it('the audit sees a notice on its way before anybody knew to whom, and one that was sent by no attempt', async () => {
  const { elderId } = await addDiner(town);
  await relative(elderId, ['BOOKING']);
  await queue(offerOf(elderId));
  await round(0);
  const broken = async () => {
    const said: string[] = [];
    await server.database.read((manager) => runChecks(manager, accessChecks, (line) => said.push(line)));
    return said.filter((line) => line.startsWith('BROKEN')).join(' ');
  };
  const write = (sql: string) => server.database.write((manager) => manager.query(sql));
  expect(await broken()).toBe('');
  await write('UPDATE notice_delivery SET attempts = 0');
  expect(await broken()).toContain('was sent after an attempt');
  await write('UPDATE notice_delivery SET attempts = 1');
  await write('UPDATE elder_notice SET spreadAt = NULL');
  expect(await broken()).toContain('before it was found out whom it is for');
  await write('UPDATE elder_notice SET spreadAt = queuedAt');
});

it('a webhook is posted to once an attempt, and its answer decides what comes next', async () => {
  const answers = [503, 400, 200];
  const bodies: string[] = [];
  const http: Server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      bodies.push(Buffer.concat(parts).toString());
      response.writeHead(answers.shift() ?? 200).end();
    });
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}/sms`;
  const messages = new WebhookMessages({ url, key: 'k'.repeat(32), clock: systemClock });
  const { elderId } = await addDiner(town);
  const { phone } = await relative(elderId, ['BOOKING']);
  await queue(offerOf(elderId));
  await round(0, { messages });
  expect(outcomes).toEqual(['failed']);
  await round(0.02, { messages });
  expect(outcomes).toEqual(['failed', 'GIVEN_UP']);
  await queue(offerOf(elderId));
  await round(0.03, { messages });
  expect(outcomes).toEqual(['failed', 'GIVEN_UP', 'SENT']);
  expect(bodies).toHaveLength(3);
  expect(JSON.parse(bodies[2] ?? '')).toMatchObject({ phone, text: expect.stringContaining('【银龄】') });
  await new Promise((resolve) => http.close(resolve));
});

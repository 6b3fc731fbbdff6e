import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { SendsMessages } from '../../src/access/messages.js';
import { WebhookMessages } from '../../src/access/webhook-messages.js';
import { systemClock } from '../../src/shared/clock.js';
import {
  at,
  closeNotices,
  elderWithPhone,
  newReceiver,
  offerOf,
  outcomes,
  phonesTold,
  queue,
  receiver,
  relative,
  round,
  second,
  sendWhatWaits,
  server,
  startNotices,
  town,
} from '../support/notice-rounds.js';
import { addDiner, countRows } from '../support/town.js';

beforeAll(startNotices);
beforeEach(newReceiver);
afterEach(sendWhatWaits);
afterAll(closeNotices);

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

import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { WebhookMessages } from '../../src/access/webhook-messages.js';
import { systemClock } from '../../src/shared/clock.js';

interface Received {
  headers: IncomingHttpHeaders;
  body: string;
}

let receiver: Server;
let url: string;
let received: Received[];
/** What the receiver does with each post in turn: a status, or nothing but an end of the connection. */
let answers: (number | 'hang up')[];

beforeAll(async () => {
  receiver = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      received.push({ headers: request.headers, body: Buffer.concat(parts).toString() });
      const answer = answers.shift() ?? 200;
      if (answer === 'hang up') request.socket.destroy();
      else response.writeHead(answer, answer === 302 ? { location: '/elsewhere' } : {}).end();
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/sms`;
});
afterAll(() => new Promise((resolve) => receiver.close(resolve)));
beforeEach(() => {
  received = [];
  answers = [];
});

const key = 'k'.repeat(32);
const message = { id: '7f1d6f0e-4f3e-4a55-9f53-0c6f1f1f1f1f', phone: '13800001234', text: '验证码 123456' };

async function send(): Promise<unknown[]> {
  const failures: unknown[] = [];
  const messages = new WebhookMessages({ url, key, clock: systemClock, retryMs: 1 });
  messages.onFailure = (error) => failures.push(error);
  messages.send(message);
  await messages.settledWithin(10_000);
  return failures;
}

it('posts a message as JSON, signed over the instant and the body', async () => {
  const before = Math.floor(Date.now() / 1000);
  expect(await send()).toEqual([]);
  expect(received).toHaveLength(1);
  const [{ headers, body } = { headers: {}, body: '' }] = received;
  expect(JSON.parse(body)).toEqual(message);
  expect(headers['content-type']).toBe('application/json');
  expect(headers['idempotency-key']).toBe(message.id);
  const timestamp = String(headers['x-yinling-timestamp']);
  expect(Number(timestamp)).toBeGreaterThanOrEqual(before);
  expect(Number(timestamp)).toBeLessThanOrEqual(Date.now() / 1000);
  const signature = createHmac('sha256', key).update(`${timestamp}.${body}`).digest('hex');
  expect(headers['x-yinling-signature']).toBe(`sha256=${signature}`);
});

it('goes on after errors of the network and of the receiver, with the same id', async () => {
  answers = [503, 'hang up', 429, 200];
  expect(await send()).toEqual([]);
  expect(received).toHaveLength(4);
  expect(new Set(received.map(({ headers }) => headers['idempotency-key']))).toEqual(new Set([message.id]));
});

it('gives up after four attempts, and names neither phone nor text', async () => {
  answers = [500, 500, 500, 500, 200];
  const [failure, ...more] = await send();
  expect(more).toEqual([]);
  expect(received).toHaveLength(4);
  expect(String(failure)).toBe('Error: the receiver of messages answered 500');
});

it.each([400, 401, 404])('takes %i for a last word', async (status) => {
  answers = [status];
  expect(await send()).toHaveLength(1);
  expect(received).toHaveLength(1);
});

it('follows no redirect: the message is for the receiver that was set', async () => {
  answers = [302, 302, 302, 302];
  expect(await send()).toHaveLength(1);
  expect(received.every(({ headers }) => headers['idempotency-key'] === message.id)).toBe(true);
  expect(received).toHaveLength(4);
});

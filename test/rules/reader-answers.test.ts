import { generateKeyPairSync, sign } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { replyOf } from '../../reader/server-client.js';
import { KeyUnknown, openPage, PageRefused } from '../../reader/snapshot-page.js';

const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const keys = [{ id: 'k1', publicKey: String(publicKey.export({ format: 'jwk' }).x) }];

const content = {
  format: 1,
  canteenId: '1',
  readerId: '2',
  list: 'l',
  since: null,
  version: 'l.1',
  full: true,
  last: true,
  asOf: '2026-03-10T04:00:00.000Z',
  validUntil: '2026-03-12T04:00:00.000Z',
  serverTime: '2026-03-10T04:00:01.000Z',
  keys: [],
  salt: '00',
  entitlements: [],
  cards: [],
  blocked: [],
  removed: { cards: [], entitlements: [] },
};
const goodHead = { alg: 'EdDSA', kid: 'k1', typ: 'yinling-reader-snapshot', cty: 'application/json+gzip' };

function page(head: object, body: Buffer): string {
  const signed = `${Buffer.from(JSON.stringify(head)).toString('base64url')}.${body.toString('base64url')}`;
  return `${signed}.${sign(null, Buffer.from(signed), privateKey).toString('base64url')}`;
}
const packed = (value: unknown) => gzipSync(JSON.stringify(value));
const good = page(goodHead, packed(content));

describe('a page', () => {
  it('is read when its signature is good', () => {
    expect(openPage(good, keys)).toEqual(content);
  });

  const [head = '', body = '', signature = ''] = good.split('.');
  const other = packed({ ...content, canteenId: '9' }).toString('base64url');
  it.each<[string, string]>([
    ['nothing', ''],
    ['two parts', `${head}.${body}`],
    ['four parts', `${good}.x`],
    ['another body under the signature', `${head}.${other}.${signature}`],
    [
      'a changed signature',
      `${head}.${body}.${signature.replace(/^./, (first) => (first === 'A' ? 'B' : 'A'))}`,
    ],
    ['no signature at all', page({ ...goodHead, alg: 'none' }, packed(content))],
    ['a head that is no page’s', page({ ...goodHead, typ: 'JWT' }, packed(content))],
    ['no gzip', page(goodHead, Buffer.from(JSON.stringify(content)))],
    ['more than memory holds, packed small', page(goodHead, gzipSync(Buffer.alloc(20 << 20)))],
    ['another format', page(goodHead, packed({ ...content, format: 2 }))],
    ['no instant', page(goodHead, packed({ ...content, validUntil: 'tomorrow' }))],
    ['no object', page(goodHead, packed('x'))],
  ])('is refused: %s', (_, bad) => {
    expect(() => openPage(bad, keys)).toThrow(PageRefused);
  });

  it('of a key that is not known says so, so that it can be asked for', () => {
    expect(() => openPage(page({ ...goodHead, kid: 'k2' }, packed(content)), keys)).toThrow(KeyUnknown);
    expect(() => openPage(good, [{ id: 'k1', publicKey: 'AAAA' }])).toThrow(PageRefused);
  });
});

describe('what came over the network', () => {
  const shape = z.object({ n: z.number() });
  const reply = (statusCode: number, text: string) => replyOf(shape, { statusCode, text, dateMs: undefined });
  const refusal = (code: string, more = {}) =>
    JSON.stringify({ errors: [{ message: 'm', extensions: { code, ...more } }], data: null });

  it('is data when it looks like it', () => {
    expect(reply(200, '{"data":{"n":1}}')).toMatchObject({ kind: 'DATA', data: { n: 1 } });
  });

  it.each<[string, number, string, string]>([
    ['the page of a network that wants a password', 200, '<html>', 'NO_ANSWER'],
    ['an answer to something else', 200, '{"data":{"m":1}}', 'NO_ANSWER'],
    ['nothing', 200, '', 'NO_ANSWER'],
    ['a gateway', 502, 'Bad Gateway', 'NO_ANSWER'],
    ['an outage with data', 503, '{"data":{"n":1}}', 'NO_ANSWER'],
    ['a database that is away', 500, refusal('INTERNAL_SERVER_ERROR'), 'NO_ANSWER'],
    ['too long', 200, refusal('OPERATION_TOO_LONG'), 'NO_ANSWER'],
    ['another key', 401, refusal('UNAUTHENTICATED'), 'KEY_REFUSED'],
    ['no reader any more', 200, refusal('FORBIDDEN'), 'KEY_REFUSED'],
    ['a stranger’s 401', 401, '<html>', 'NO_ANSWER'],
    ['what nobody can read', 200, refusal('BAD_USER_INPUT'), 'NOT_UNDERSTOOD'],
    ['too much at once', 413, 'too large', 'NOT_UNDERSTOOD'],
  ])('%s', (_, status, text, kind) => {
    expect(reply(status, text).kind).toBe(kind);
  });

  it('names the wait that the server asks for', () => {
    const { kind, ...more } = reply(429, refusal('RATE_LIMITED', { retryAfterSeconds: 7 }));
    expect([kind, more]).toEqual(['NO_ANSWER', { reason: 'RATE_LIMITED', retryAfterMs: 7000 }]);
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ListeningServer, startListeningServer } from '../support/listening-server.js';
import { startTestServer, type TestServer } from '../support/test-server.js';

let server: ListeningServer;
let token: string;
beforeAll(async () => {
  server = await startListeningServer({ settings: { headerSecondsMax: 1, requestSecondsMax: 2 } });
  token = await server.adminToken();
});
afterAll(() => server.close());

const setClock = 'mutation { setClock(at: "2020-01-01T00:00:00Z", rate: 0) }';
const clockRuns = () => expect(server.clock.now().getFullYear()).toBeGreaterThan(2020);

describe('what a page of another site could make a browser send', () => {
  it('a mutation by GET is refused, and not done', async () => {
    const address = `${server.origin}/graphql?query=${encodeURIComponent(setClock)}`;
    const headers = { authorization: `Bearer ${token}`, 'accept-language': 'en' };
    const response = await fetch(address, { headers });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
    expect(await response.json()).toMatchObject({ errors: [{ message: 'Only POST is answered here' }] });
    clockRuns();
  });

  it.each([
    ['a form', 'application/x-www-form-urlencoded', `query=${encodeURIComponent(setClock)}`],
    ['plain text', 'text/plain', JSON.stringify({ query: setClock })],
    [
      'a form of parts, as uploads of files are',
      'multipart/form-data; boundary=x',
      `--x\r\ncontent-disposition: form-data; name="operations"\r\n\r\n${JSON.stringify({ query: setClock })}\r\n--x--`,
    ],
  ])('%s is refused, and not done', async (_what, type, body) => {
    const headers = { 'content-type': type, authorization: `Bearer ${token}`, 'accept-language': 'en' };
    const response = await fetch(`${server.origin}/graphql`, { method: 'POST', headers, body });
    expect(response.status).toBe(415);
    expect(await response.json()).toMatchObject({
      errors: [
        { message: 'The body must be application/json', extensions: { code: 'UNSUPPORTED_MEDIA_TYPE' } },
      ],
    });
    clockRuns();
  });
});

describe('callers that stall', () => {
  it('in their headers are let go of', async () => {
    const started = performance.now();
    const answer = await server.raw(
      'POST /graphql HTTP/1.1\r\nhost: x\r\n',
      { waitMs: 600 },
      'x-slow: 1\r\n',
    );
    expect(performance.now() - started).toBeLessThan(6_000);
    expect(answer).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/);
    expect(JSON.parse(answer.split('\r\n\r\n')[1] ?? '')).toEqual({
      errors: [
        {
          message: 'Request Timeout',
          extensions: { code: 'BAD_REQUEST', requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) },
        },
      ],
    });
  });

  it('in their body are let go of', async () => {
    const head =
      'POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n';
    const started = performance.now();
    const answer = await server.raw(head, '{"query":', { waitMs: 500 }, '"{');
    expect(performance.now() - started).toBeLessThan(8_000);
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
  });
});

describe('what is too much to read', () => {
  it('headers of more than 8 kB', async () => {
    const answer = await server.raw(`GET / HTTP/1.1\r\nhost: x\r\nx-long: ${'a'.repeat(9_000)}\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 431 Request Header Fields Too Large\r\n/);
  });

  it('bytes that are no request', async () => {
    const answer = await server.raw('\u0016\u0003\u0001 hello\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
    expect(answer).not.toMatch(/Parse Error|HPE_/);
  });

  it('a body whose announced length is over the limit, before it is read', async () => {
    const head =
      'POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 99999999\r\n\r\n';
    expect(await server.raw(head, '{')).toMatch(/^HTTP\/1\.1 413 /);
  });

  it('a body that is nested a hundred thousand deep', async () => {
    const body = `{"query":"{ viewer { id } }","variables":{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}}`;
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${server.origin}/graphql`, { method: 'POST', headers, body });
    expect(response.status).toBeLessThan(500);
  });

  it('a body that would change the prototype of all objects', async () => {
    const body = '{"query":"{ viewer { id } }","__proto__":{"polluted":true}}';
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${server.origin}/graphql`, { method: 'POST', headers, body });
    expect(response.status).toBe(400);
    expect('polluted' in {}).toBe(false);
  });
});

describe('headers', () => {
  const secure = {
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'referrer-policy': 'no-referrer',
    'cross-origin-resource-policy': 'same-origin',
  };

  it.each(['/graphql', '/nowhere', '/health/live'])('protect the answer of %s', async (url) => {
    const { headers } = await server.app.inject({ url });
    expect(headers).toMatchObject(secure);
    expect(headers).not.toHaveProperty('x-powered-by');
    expect(headers).not.toHaveProperty('server');
  });

  it.each([
    ['bytes that are no request', ['\u0016\u0003\u0001 hello\r\n\r\n'], 400],
    ['headers that are too large', [`GET / HTTP/1.1\r\nhost: x\r\nx: ${'a'.repeat(9_000)}\r\n\r\n`], 431],
    ['headers that do not end', ['GET / HTTP/1.1\r\nhost: x\r\n', { waitMs: 1_500 }], 408],
    ['an address that cannot be read', ['GET /%zz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n'], 400],
  ] as [string, Parameters<ListeningServer['raw']>, number][])(
    'protect the answer to %s, which no hook sees',
    async (_what, sent, status) => {
      const [head = ''] = (await server.raw(...sent)).split('\r\n\r\n');
      expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
      const headers = Object.fromEntries(
        head
          .split('\r\n')
          .slice(1)
          .map((line) => line.split(': ')),
      );
      expect(headers).toMatchObject(secure);
    },
  );

  it('an answer with data is kept by nobody on the way', async () => {
    const { headers } = await server.post('{ viewer { id } }', {}, token);
    expect(headers).toMatchObject({ ...secure, 'cache-control': 'no-store' });
  });

  it('ask for TLS in production only', async () => {
    const production = await startTestServer({ settings: { nodeEnv: 'production' } });
    const asked = (await production.app.inject({ url: '/health/live' })).headers['strict-transport-security'];
    expect(asked).toContain('max-age=31536000');
    await production.close();
    const { headers } = await server.app.inject({ url: '/health/live' });
    expect(headers).not.toHaveProperty('strict-transport-security');
  });

  it('that a caller forges are no way into the log or the answer', async () => {
    const answer = await server.raw(
      `GET /health/live HTTP/1.1\r\nhost: x\r\nconnection: close\r\nx-request-id: a%0d%0aset-cookie: b\r\n\r\n`,
    );
    expect(answer).not.toContain('set-cookie');
  });
});

describe('pages of other origins', () => {
  const preflight = (from: TestServer, origin: string) =>
    from.app.inject({
      method: 'OPTIONS',
      url: '/graphql',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type',
      },
    });

  it('may do nothing unless they are named', async () => {
    const { statusCode, headers } = await preflight(server, 'https://evil.example');
    expect(statusCode).toBe(404);
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    const headersSent = { origin: 'https://evil.example' };
    const answer = await server.post('{ viewer { id } }', {}, token, headersSent);
    expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
  });

  it('may call when they are, and still not with cookies', async () => {
    const open = await startTestServer({ settings: { corsOrigins: ['https://console.example'] } });
    const allowed = await preflight(open, 'https://console.example');
    expect(allowed.statusCode).toBe(204);
    expect(allowed.headers).toMatchObject({
      'access-control-allow-origin': 'https://console.example',
      'access-control-allow-methods': 'POST',
    });
    expect(allowed.headers).not.toHaveProperty('access-control-allow-credentials');
    const origin = { origin: 'https://console.example' };
    const { status, headers } = await open.post('{ viewer { id } }', {}, await open.adminToken(), origin);
    expect([status, headers['access-control-allow-origin']]).toEqual([200, 'https://console.example']);
    for (const other of ['https://evil.example', 'https://console.example.evil.example', 'null']) {
      expect((await preflight(open, other)).headers).not.toHaveProperty('access-control-allow-origin');
    }
    await open.close();
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../support/test-server.js';

let production: TestServer;
let development: TestServer;
beforeAll(async () => {
  production = await startTestServer({ settings: { nodeEnv: 'production' } });
  development = await startTestServer({ settings: { nodeEnv: 'development' } });
});
afterAll(async () => {
  await production.close();
  await development.close();
});

describe('the schema', () => {
  const introspection = '{ __schema { queryType { name } } }';
  const misspelt = '{ viewr { id } }';

  it('is told in development, with suggestions', async () => {
    expect((await development.post(introspection)).body).toEqual({
      data: { __schema: { queryType: { name: 'Query' } } },
    });
    const { body } = await development.post(misspelt);
    expect(body.errors?.[0]?.message).toContain('Did you mean "viewer"');
  });

  it('is told nobody in production, not by suggestions either', async () => {
    const answer = await production.post(introspection);
    expect(answer).toMatchObject({
      status: 400,
      body: { errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }] },
    });
    const { body } = await production.post(misspelt);
    expect(body.errors?.[0]?.message).toBe('Cannot query field "viewr" on type "Query".');
  });

  it('the name of the type alone is answered: it costs nothing and tells nothing', async () => {
    expect((await production.post('{ __typename }')).body).toEqual({ data: { __typename: 'Query' } });
  });
});

it('no answer holds a stack trace', async () => {
  for (const server of [production, development]) {
    for (const query of [
      '{ viewer { id } }',
      '{ nothing }',
      '{',
      'query ($id: ID!) { elder(id: $id) { id } }',
    ]) {
      const { body } = await server.post(query);
      expect(body.errors).toHaveLength(1);
      expect(JSON.stringify(body)).not.toMatch(/stacktrace|node_modules|\.ts:|\.js:/);
    }
  }
});

describe('GraphiQL', () => {
  it('is at / in development, whole: the browser may load nothing else', async () => {
    const response = await development.app.inject({ url: '/' });
    expect(response.statusCode).toBe(200);
    expect(response.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(response.headers['content-security-policy']).toContain("default-src 'none'");
    expect(response.headers['content-security-policy']).not.toContain('http');
    expect(response.body).not.toMatch(/<(script|link|img)[^>]+(src|href)=["']?(https?:)?\/\//i);
    expect(response.body).toContain('query WhoAmI');
    expect(response.body).toContain('demo-credentials.json');
    // Its own way of asking, by which a subscription brings its token.
    expect(response.body).toContain('fetcher: function yinlingFetcher');
    expect(response.headers['content-security-policy']).toContain("connect-src 'self'");
  });

  it('is not there in production', async () => {
    expect((await production.app.inject({ url: '/' })).statusCode).toBe(404);
  });
});

import { type AuditResult, auditServer } from 'graphql-http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ListeningServer, startListeningServer } from '../support/listening-server.js';

let server: ListeningServer;
beforeAll(async () => {
  server = await startListeningServer();
});
afterAll(() => server.close());

/**
 * What is not met, on purpose. GET is not answered at all, so neither are its parameters. A request that could
 * not be understood is answered 400 to old clients too, which the specification is moving to by itself: a proxy and
 * a log can then tell it from an answer.
 */
const notMet = [
  'MAY accept application/x-www-form-urlencoded formatted GET requests',
  'MAY allow URL-encoded JSON string {variables} parameter in GETs when accepting application/graphql-response+json',
  'MAY allow URL-encoded JSON string {variables} parameter in GETs when accepting application/json',
  'SHOULD use 200 status code on document parsing failure when accepting application/json',
  'SHOULD use 200 status code on document validation failure when accepting application/json',
  'SHOULD use a status code of 200 on variable coercion failure when accepting application/json',
];

it('keeps every MUST of GraphQL over HTTP, and what else it does not keep is known', async () => {
  const results: AuditResult[] = await auditServer({ url: `${server.origin}/graphql` });
  expect(results.length).toBeGreaterThan(50);
  expect(results.filter(({ status }) => status === 'error')).toEqual([]);
  expect(results.filter(({ name }) => name.startsWith('MUST')).map(({ status }) => status)).toContain('ok');
  expect(results.filter(({ status }) => status !== 'ok').map(({ name }) => name)).toEqual(notMet);
});

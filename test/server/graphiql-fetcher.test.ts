import { parse } from 'graphql';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { announceCanteenDay } from '../../src/meals/canteen-news.js';
import { graphiqlFetcher } from '../../src/server/graphiql-fetcher.js';
import { type ListeningServer, startListeningServer } from '../support/listening-server.js';
import { eventually } from '../support/live-client.js';
import { buildTown, noon, type Town } from '../support/town.js';

let server: ListeningServer;
let town: Town;
let authorization: string;
beforeAll(async () => {
  server = await startListeningServer({ at: noon });
  town = await buildTown(server.database);
  authorization = `Bearer ${await server.managerToken(town.canteenIds[0])}`;
});
afterAll(() => server.close());

type Answer = { data?: unknown; errors?: { message: string }[] };
type Fetcher = (
  asked: { query: string },
  how: { headers: Record<string, string>; documentAST: unknown },
) => Promise<Answer> | AsyncIterableIterator<Answer>;

/** The page's script, with what a page at the server's address has. */
function fetcher(): Fetcher {
  const page = { href: `${server.origin}/` };
  const ask = (path: string, options: RequestInit) => fetch(new URL(path, server.origin), options);
  const make = new Function('location', 'fetch', 'WebSocket', 'navigator', `return ${graphiqlFetcher}`);
  return make(page, ask, WebSocket, { language: 'en' }) as Fetcher;
}

const how = (query: string, headers: Record<string, string>) => ({ headers, documentAST: parse(query) });

it('asks a query by POST', async () => {
  const query = '{ viewer { name } }';
  expect(await fetcher()({ query }, how(query, { authorization }))).toHaveProperty('data.viewer');
});

it('listens to a subscription with the token of the page, and stops', async () => {
  const query = `subscription { canteenDayChanged(canteenId: ${town.canteenIds[0]}) { meals } }`;
  const answers = fetcher()(
    { query },
    how(query, { Authorization: authorization }),
  ) as AsyncIterableIterator<Answer>;
  const first = await answers.next();
  expect(first).toEqual({ done: false, value: { data: { canteenDayChanged: { meals: 0 } } } });
  await server.database.write(async (manager) => announceCanteenDay(manager, town.canteenIds[0]));
  expect(await answers.next()).toEqual(first);
  await answers.return?.();
  await eventually(() => expect(server.services.live.listeners).toBe(0));
});

it('shows why nothing comes', async () => {
  const query = 'subscription { visitChanged(stationId: 999999) { kind } }';
  const refused = fetcher()({ query }, how(query, { authorization })) as AsyncIterableIterator<Answer>;
  expect((await refused.next()).value.errors[0].message).toBe('You may not do this');
  expect((await refused.next()).done).toBe(true);
  const strange = fetcher()({ query }, how(query, {})) as AsyncIterableIterator<Answer>;
  expect((await strange.next()).value.errors[0].message).toBe('The connection ended: 4401 Unauthorized');
  expect((await strange.next()).done).toBe(true);
});

import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { Role } from '../../entities/access/access-grant.entity.js';
import { buildYinlingSchema } from '../../schema/build-schema.js';
import { rolesFor } from '../../src/access/policy.js';
import { statementsOf } from '../support/count-statements.js';
import { type FieldPath, pathsToEveryField, siblingsOf } from '../support/schema-walk.js';
import { startTestServer, type TestServer } from '../support/test-server.js';
import { noon } from '../support/town.js';
import { buildTwoCounties } from '../support/two-counties.js';
import { queryOf } from '../support/walk-arguments.js';
import { buildSides, type Side, type SideName } from '../support/walk-sides.js';

/**
 * A stopwatch is no test. What can be told by it is how often and what the database is asked, so that is compared:
 * for a thing that lies elsewhere as for one that there is not, each query asks the same.
 */
const asked = ['MANAGER', 'STAFF', 'FINANCE', 'AUDITOR'] as const satisfies readonly Role[];

/** Places are no secret, and a card is answered at every canteen. */
const openEverywhere = new Set(['viewer', 'facility', 'facilities', 'previewSwipe']);

/** A graph of many fields is walked for each role. */
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

let server: TestServer;
let sides: Record<SideName, Side>;
let paths: FieldPath[];
const tokens = new Map<Role, string>();
beforeAll(async () => {
  server = await startTestServer({ at: noon, settings: { callerRatePerSecond: 0, objectRatePerMinute: 0 } });
  const town = await buildTwoCounties(server.database);
  sides = await buildSides(server, town);
  for (const role of asked) tokens.set(role, (await server.account(role, town.countyId)).token);
  paths = pathsToEveryField(await buildYinlingSchema()).filter(
    ({ steps: [operation = ''] }) => !openEverywhere.has(operation),
  );
});
afterAll(() => server.close());

/** Ids are reserved for many records at once, whoever's turn it is; the rest is the query's own. */
const incidental = /id_sequence|^(BEGIN|START|COMMIT|SET|ROLLBACK|SAVEPOINT|RELEASE)/i;

async function workOf(query: string, role: Role): Promise<string> {
  const { statements } = await statementsOf(server.database, () => server.post(query, {}, tokens.get(role)));
  // TypeORM writes whole numbers into its statements.
  return (
    statements
      .filter((statement) => !incidental.test(statement))
      .map((statement) => statement.replaceAll(/= \d+/g, '= ?'))
      // Fields of one object are asked together, and whose statement goes first is the event loop's doing.
      .sort()
      .join('\n')
  );
}

/** Where the work differs from that for a thing that there is not. */
async function differing(role: Role, what: string, queryAt: (side: Side) => string): Promise<string[]> {
  const nowhere = await workOf(queryAt(sides.nowhere), role);
  const found: string[] = [];
  for (const name of ['beside', 'above'] as const) {
    const there = await workOf(queryAt(sides[name]), role);
    if (there !== nowhere) found.push(`${what} ${name}:\n${there}\ninstead of\n${nowhere}`);
  }
  return found;
}

it.each(asked)('%s learns nothing from how much work an answer was', async (role) => {
  const mayAsk = paths.filter(({ steps: [operation = ''] }) => rolesFor(operation).includes(role));
  expect(mayAsk.length).toBeGreaterThan(10);
  for (const { paths: asked, ...group } of siblingsOf(mayAsk)) {
    const what = asked.map(({ steps }) => steps.join(' ')).join(', ');
    expect(await differing(role, what, (side) => queryOf(group, side))).toEqual([]);
  }
});

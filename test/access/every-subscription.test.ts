import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Role, roles } from '../../entities/access/access-grant.entity.js';
import { buildYinlingSchema } from '../../schema/build-schema.js';
import { rolesFor } from '../../src/access/policy.js';
import { statementsOf } from '../support/count-statements.js';
import { type ListeningServer, startListeningServer } from '../support/listening-server.js';
import { LiveClient } from '../support/live-client.js';
import { type WayToListen, waysToListen } from '../support/subscription-walk.js';
import { noon } from '../support/town.js';
import { buildTwoCounties } from '../support/two-counties.js';
import { buildSides, type Side, type SideName, sideNames } from '../support/walk-sides.js';

let server: ListeningServer;
let sides: Record<SideName, Side>;
let operations: string[];
const clients = new Map<Role, LiveClient>();
beforeAll(async () => {
  server = await startListeningServer({
    at: noon,
    // No look of the server's own comes between those that are compared.
    settings: { callerRatePerSecond: 0, liveMessagesPerSecond: 1000, liveRecheckSeconds: 3600 },
  });
  const town = await buildTwoCounties(server.database);
  sides = await buildSides(server, town);
  for (const role of roles) {
    const place = { ADMIN: null, FAMILY: null, READER: sides.inside.facilityId }[role as string];
    const where = place === undefined ? town.countyId : place;
    const elderId = role === 'FAMILY' ? sides.inside.elderId : undefined;
    const { token, accountId } = await server.account(role, where, role, elderId);
    if (role === 'FAMILY') {
      await server.database.write((manager) =>
        manager.query("UPDATE access_grant SET familyRights = 'BOOKING' WHERE accountId = ?", [accountId]),
      );
    }
    clients.set(role, await LiveClient.connect(server.origin, { token }));
  }
  const fields = (await buildYinlingSchema()).getSubscriptionType()?.getFields() ?? {};
  operations = Object.keys(fields);
});
afterAll(async () => {
  for (const client of clients.values()) await client.close();
  await server.close();
});

/** The first answer to a subscription, or the codes of its refusal; it ends with that. */
async function listen(role: Role, { ask }: WayToListen, side: Side): Promise<unknown> {
  const client = clients.get(role) as LiveClient;
  const id = client.subscribe(`subscription { ${ask(side)} }`);
  const message = await client.take(({ type, id: of }) => of === id && (type === 'next' || type === 'error'));
  client.unsubscribe(id);
  return message.type === 'next'
    ? message.payload
    : (message.payload as { message: string; extensions: { code: string } }[]).map((error) => [
        error.extensions.code,
        error.message,
      ]);
}

const waysOf = (operation: string): readonly WayToListen[] => {
  const ways = waysToListen[operation];
  if (!ways) throw new Error(`${operation} is new: say in waysToListen how it is asked about a place`);
  return ways;
};

describe.each(roles)('%s', (role) => {
  it('hears what the policy opens to it inside its places, and of others what it would hear of nothing', async () => {
    for (const operation of operations) {
      const mayAsk = rolesFor(operation).includes(role);
      for (const way of waysOf(operation)) {
        const where = `${operation} by ${way.name}`;
        const answers = new Map<SideName, unknown>();
        for (const name of sideNames) answers.set(name, await listen(role, way, sides[name]));
        if (!mayAsk) {
          for (const answer of answers.values()) expect(answer, where).toMatchObject([['FORBIDDEN', {}]]);
          continue;
        }
        if (way.opens(role)) expect(answers.get('inside'), where).toHaveProperty(`data.${operation}`);
        else expect(answers.get('inside'), where).toEqual(answers.get('nowhere'));
        expect(answers.get('nowhere'), where).not.toHaveProperty('data');
        if (role === 'ADMIN') continue;
        for (const name of ['beside', 'above'] as const) {
          expect(answers.get(name), `${where} ${name}`).toEqual(answers.get('nowhere'));
        }
      }
    }
  });
});

it.each(['MANAGER', 'STAFF', 'FINANCE', 'AUDITOR', 'FAMILY'] as const)(
  '%s learns nothing from how much work a refusal was',
  async (role) => {
    const incidental = /id_sequence|^(BEGIN|START|COMMIT|SET|ROLLBACK|SAVEPOINT|RELEASE)/i;
    const workOf = async (way: WayToListen, side: Side) => {
      const { statements } = await statementsOf(server.database, () => listen(role, way, side));
      return statements.filter((statement) => !incidental.test(statement)).join('\n');
    };
    for (const operation of operations.filter((name) => rolesFor(name).includes(role))) {
      for (const way of waysOf(operation)) {
        const nowhere = await workOf(way, sides.nowhere);
        for (const name of ['beside', 'above'] as const) {
          expect(await workOf(way, sides[name]), `${operation} by ${way.name} ${name}`).toBe(nowhere);
        }
      }
    }
  },
);

it('leaves nobody listening behind', async () => {
  for (const client of clients.values()) await client.close();
  expect(server.services.live.listeners).toBe(0);
});

import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type Role, roles } from '../../entities/access/access-grant.entity.js';
import { buildYinlingSchema } from '../../schema/build-schema.js';
import { insertGrant } from '../../src/access/insert-staff-account.js';
import { type FieldPath, pathsToEveryField } from '../support/schema-walk.js';
import { startTestServer, type TestServer } from '../support/test-server.js';
import { noon } from '../support/town.js';
import { buildTwoCounties, type TwoCounties } from '../support/two-counties.js';
import { buildSides, queryOf, type Side } from '../support/walk-arguments.js';

// A walk asks every field of the schema, a few thousand questions a role: minutes where several walk on one core.
vi.setConfig({ testTimeout: 300_000 });

/**
 * Somebody with one role in one county and others in the next is told of the first what that one role tells: what a
 * grant shows must not be read on with the rights of another grant. Every field, by every way that a grant has to it.
 */
let server: TestServer;
let town: TwoCounties;
let here: Side;
let paths: FieldPath[];
/** Holds every role of people in the other county, and none here. */
let elsewhere: string;

beforeAll(async () => {
  server = await startTestServer({ at: noon, settings: { callerRatePerSecond: 0, objectRatePerMinute: 0 } });
  town = await buildTwoCounties(server.database);
  here = (await buildSides(server, town)).inside;
  const walked = pathsToEveryField(await buildYinlingSchema());
  paths = [...walked, ...walked.flatMap(throughGrant)];
  elsewhere = (await accountOf()).token;
});
afterAll(() => server.close());

/** The way to an elder that leads through a relative's grant. */
function throughGrant({ steps, query }: FieldPath): FieldPath[] {
  if (steps[0] !== 'elder') return [];
  const inner = query.replace('{ elderARGUMENTS', '{ viewerARGUMENTS { grants { elder');
  return [{ steps: ['viewer', 'Viewer.grants', 'Grant.elder', ...steps.slice(1)], query: `${inner} } }` }];
}

const ofPeople = roles.filter((role) => !['ADMIN', 'READER', 'FAMILY'].includes(role));

/** An account with `role` here when it is given, and with every role of people in the other county. */
async function accountOf(role?: Role) {
  const first = ofPeople[0] ?? 'MANAGER';
  // The name is that of who holds the role alone: it sees its own.
  const opened = await server.account(first, town.otherCountyId, role ?? first);
  const now = new Date(0);
  await server.database.write(async (manager) => {
    for (const other of ofPeople.slice(1)) {
      await insertGrant(manager, { ...opened, role: other, facilityId: town.otherCountyId, now });
    }
    if (role) await insertGrant(manager, { ...opened, ...placeOf(role), role, now });
  });
  return opened;
}

const placeOf = (role: Role) =>
  role === 'FAMILY' ? { facilityId: null, elderId: here.elderId } : { facilityId: town.countyId };

/** What stands at the end of the path, each place where it does; nothing for what is refused or not there. */
function valuesAt(data: unknown, steps: readonly string[]): unknown[] {
  const [step, ...rest] = steps;
  if (data === null || data === undefined) return [];
  if (Array.isArray(data)) return data.flatMap((each) => valuesAt(each, steps));
  if (step === undefined) return [data];
  const name = step.split('.').at(-1) ?? step;
  return valuesAt((data as Record<string, unknown>)[name], rest);
}

async function valuesFor(path: FieldPath, token: string): Promise<string[]> {
  const { body } = await server.post(queryOf(path, here), {}, token);
  return valuesAt(body.data, path.steps).map((value) => JSON.stringify(value));
}

const asked = new Map<FieldPath, string[]>();
/** What the roles of the other county tell by themselves, such as the directory of places; asked once. */
async function toldElsewhere(path: FieldPath): Promise<string[]> {
  const told = asked.get(path) ?? (await valuesFor(path, elsewhere));
  asked.set(path, told);
  return told;
}

/** A list of all that the caller sees is longer for whoever sees two counties, and so are its cursors and counts. */
const ofTheCaller = (steps: readonly string[]) =>
  /^viewer$|Viewer\./.test(steps.join(' ')) && steps.length < 3;

it.each([...ofPeople, 'FAMILY'] as Role[])('%s here is told no more for roles elsewhere', async (role) => {
  const alone = await server.account(
    role,
    placeOf(role).facilityId,
    role,
    role === 'FAMILY' ? here.elderId : undefined,
  );
  const both = await accountOf(role);
  const more: string[] = [];
  for (const path of paths.filter(({ steps }) => !ofTheCaller(steps))) {
    const known = new Set(await toldElsewhere(path));
    const beyond = (await valuesFor(path, both.token)).filter((value) => !known.has(value));
    if (beyond.length === 0) continue;
    const own = new Set(await valuesFor(path, alone.token));
    const unknown = beyond.filter((value) => !own.has(value));
    // Its own grants differ by their number alone.
    if (unknown.length > 0 && !['Grant.id', 'Relative.id'].includes(path.steps.at(-1) ?? ''))
      more.push(`${path.steps.join(' ')}: ${unknown}`);
  }
  expect(more).toEqual([]);
});

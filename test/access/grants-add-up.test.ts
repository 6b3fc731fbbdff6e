import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type Role, roles } from '../../entities/access/access-grant.entity.js';
import { buildYinlingSchema } from '../../schema/build-schema.js';
import { insertGrant } from '../../src/access/insert-staff-account.js';
import { type FieldPath, pathsToEveryField, type SiblingPaths, siblingsOf } from '../support/schema-walk.js';
import { startTestServer, type TestServer } from '../support/test-server.js';
import { noon } from '../support/town.js';
import { buildTwoCounties, type TwoCounties } from '../support/two-counties.js';
import { queryOf } from '../support/walk-arguments.js';
import { buildSides, type Side } from '../support/walk-sides.js';
import { type Answered, tookSiblings, valuesAt } from '../support/walked-answers.js';

// A walk asks every field of the schema, a few thousand questions a role: minutes where several walk on one core.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

/**
 * Somebody with one role in one county and others in the next is told of the first what that one role tells: what a
 * grant shows must not be read on with the rights of another grant. Every field, by every way that a grant has to it.
 */
let server: TestServer;
let town: TwoCounties;
let here: Side;
let groups: SiblingPaths[];
/** Holds every role of people in the other county, and none here. */
let elsewhere: string;

beforeAll(async () => {
  server = await startTestServer({ at: noon, settings: { callerRatePerSecond: 0, objectRatePerMinute: 0 } });
  town = await buildTwoCounties(server.database);
  here = (await buildSides(server, town)).inside;
  const walked = pathsToEveryField(await buildYinlingSchema());
  const throughGrants = grantPaths(walked);
  expect(throughGrants.length).toBeGreaterThan(10);
  groups = siblingsOf([...walked, ...throughGrants].filter(({ steps }) => !ofTheCaller(steps)));
  elsewhere = (await accountOf()).token;
});
afterAll(() => server.close());

/** The ways to an elder that lead through a relative's grant. */
function grantPaths(walked: readonly FieldPath[]): FieldPath[] {
  const known = new Map<FieldPath['around'], FieldPath['around']>();
  return walked.flatMap(({ steps, leaf, around }) => {
    if (steps[0] !== 'elder') return [];
    const led = (inner: string) =>
      `${around(inner).replace('{ elderARGUMENTS', '{ viewerARGUMENTS { grants { elder')} } }`;
    // The operation itself is a leaf, and so stands within what is around it.
    const aroundAll = known.get(around) ?? led;
    known.set(around, aroundAll);
    const through = ['viewer', 'Viewer.grants', 'Grant.elder', ...steps.slice(1)];
    return [{ steps: through, query: aroundAll(leaf), leaf, around: aroundAll }];
  });
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

/** What stands at the end of each of these paths, which are asked together where that shows the same. */
async function valuesFor(group: SiblingPaths, token: string): Promise<Map<FieldPath, string[]>> {
  const ask = async (asked: Pick<FieldPath, 'steps' | 'query'>) =>
    (await server.post(queryOf(asked, here), {}, token)).body as Answered;
  const together = await ask(group);
  const isWhole = !tookSiblings(together);
  const values = new Map<FieldPath, string[]>();
  for (const path of group.paths) {
    const { data } = isWhole ? together : await ask(path);
    values.set(
      path,
      valuesAt(data, path.steps).map((value) => JSON.stringify(value)),
    );
  }
  return values;
}

const asked = new Map<SiblingPaths, Map<FieldPath, string[]>>();
/** What the roles of the other county tell by themselves, such as the directory of places; asked once. */
async function toldElsewhere(group: SiblingPaths): Promise<Map<FieldPath, string[]>> {
  const told = asked.get(group) ?? (await valuesFor(group, elsewhere));
  asked.set(group, told);
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
  for (const group of groups) {
    const known = await toldElsewhere(group);
    const told = await valuesFor(group, both.token);
    const beyond = ([path, values]: [FieldPath, string[]]) =>
      values.filter((value) => !known.get(path)?.includes(value));
    if (![...told].some((each) => beyond(each).length > 0)) continue;
    const own = await valuesFor(group, alone.token);
    for (const [path, values] of told) {
      const unknown = beyond([path, values]).filter((value) => !own.get(path)?.includes(value));
      // Its own grants differ by their number alone.
      if (unknown.length > 0 && !['Grant.id', 'Relative.id'].includes(path.steps.at(-1) ?? ''))
        more.push(`${path.steps.join(' ')}: ${unknown}`);
    }
  }
  expect(more).toEqual([]);
});

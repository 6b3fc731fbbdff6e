import type { GraphQLSchema } from 'graphql';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Role, roles } from '../../entities/access/access-grant.entity.js';
import { buildYinlingSchema } from '../../schema/build-schema.js';
import { resolvedEdges } from '../../schema/guard.js';
import { fieldGroups } from '../../src/access/field-groups.js';
import { policy, rolesFor } from '../../src/access/policy.js';
import { rowCounts } from '../support/row-counts.js';
import { type FieldPath, pathsToEveryField, siblingsOf } from '../support/schema-walk.js';
import { engine } from '../support/test-database.js';
import { startTestServer, type TestServer } from '../support/test-server.js';
import { noon } from '../support/town.js';
import { buildTwoCounties, type TwoCounties } from '../support/two-counties.js';
import { answerOf, mutationArguments, queryOf } from '../support/walk-arguments.js';
import {
  buildSide,
  buildSides,
  type Side,
  type SideName,
  sideNames,
  visitSides,
} from '../support/walk-sides.js';
import { type Answered, reaches, told, tookSiblings, valuesAt } from '../support/walked-answers.js';

// A walk asks every field of the schema, hundreds of questions a role: minutes where several walk on one core.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

let server: TestServer;
let town: TwoCounties;
let sides: Record<SideName, Side>;
/** Inside too, but with an elder whom a colleague of the walking caregiver visits. */
let unvisited: Side;
let tokens: Map<Role, string>;
let paths: FieldPath[];
let schema: GraphQLSchema;

beforeAll(async () => {
  // The walk asks about one card far more often than anybody may.
  server = await startTestServer({ at: noon, settings: { callerRatePerSecond: 0, objectRatePerMinute: 0 } });
  town = await buildTwoCounties(server.database);
  sides = await buildSides(server, town);
  tokens = new Map();
  for (const role of roles) {
    const place = { ADMIN: null, FAMILY: null, READER: sides.inside.facilityId }[role as string];
    const elderId = role === 'FAMILY' ? sides.inside.elderId : undefined;
    const where = place === undefined ? town.countyId : place;
    const { token, accountId } = await server.account(role, where, role, elderId);
    tokens.set(role, token);
    if (role === 'FAMILY') await giveRights(accountId, 'BOOKING HEALTH MONEY');
    if (role === 'CAREGIVER') {
      unvisited = await buildSide(server, town, town.streetId, '411302001002');
      await visitSides(server, accountId, [sides.inside, unvisited, sides.beside, sides.above]);
    }
  }
  schema = await buildYinlingSchema();
  paths = pathsToEveryField(schema);
});
afterAll(() => server.close());

function giveRights(accountId: number, rights: string): Promise<unknown> {
  return server.database.write((manager) =>
    manager.query('UPDATE access_grant SET familyRights = ?, mayLetIn = 1 WHERE accountId = ?', [
      rights,
      accountId,
    ]),
  );
}

/**
 * The directory of places and the catalogue of services are open; so is what a card answers at any canteen, and what
 * signs of fraud are held against. A run is the caller's own, the keys of lists are one for all readers, and neither
 * asks about a place.
 */
const openEverywhere = new Set([
  'myDeliveryRun',
  'viewer',
  'facility',
  'facilities',
  'services',
  'previewSwipe',
  'consentText',
  'flagThresholds',
  'readerSnapshotKeys',
  'dischargeReasons',
  'assessmentScale',
  'waitlistRules',
  'waitlistClasses',
]);

/** Edges of the open directory that are closed outside a caller's places, and then say so. */
const closedEdges = /^(Facility\.(rollup|beds)|NetworkRollup\.|BedCount\.|KindCount\.|Bed)/;

type Steps = Pick<FieldPath, 'steps'>;

function mayTake({ steps }: Steps, role: Role): boolean {
  return steps.every((step, index) => {
    const rule = policy[step];
    if (index > 0 && rule === undefined) return true;
    return typeof rule === 'string' || rolesFor(step).includes(role);
  });
}

/** The paths on which a role comes to a closed field and no further: beneath what is refused nothing is asked for. */
const pathsToClosed = (role: Role) =>
  paths.filter((path) => !mayTake(path, role) && mayTake({ steps: path.steps.slice(0, -1) }, role));

async function ask(query: string, role: Role): Promise<Answered> {
  const { body } = await server.post(query, {}, tokens.get(role));
  return body as Answered;
}
const codesOf = ({ errors }: Answered) => (errors ?? []).map(({ extensions }) => extensions.code);

/** Expects that nothing of these is refused. Fields of one object are asked together: what is wrong names its field. */
async function expectAnswered(asked: readonly FieldPath[], role: Role): Promise<void> {
  for (const group of siblingsOf(asked)) {
    const { errors = [] } = await ask(queryOf(group, sides.inside), role);
    const where = group.paths.map(({ steps }) => steps.join(' ')).join(', ');
    expect(
      errors.map(({ path, extensions }) => [path, extensions.code]),
      where,
    ).toEqual([]);
  }
}

/** Where the answers at a place tell more than those for a thing that does not exist. */
async function expectNothingTold(
  asked: Pick<FieldPath, 'steps' | 'query'>,
  role: Role,
  alone: readonly FieldPath[] = [],
): Promise<void> {
  const nowhere = await ask(queryOf(asked, sides.nowhere), role);
  for (const name of ['beside', 'above'] as const) {
    const answered = await ask(queryOf(asked, sides[name]), role);
    expect(told(answered, sides[name]), `${asked.steps.join(' ')} ${name}`).toBe(
      told(nowhere, sides.nowhere),
    );
  }
  if (!tookSiblings(nowhere)) return;
  for (const path of alone) await expectNothingTold(path, role);
}

it('every field that has a resolver of its own is on a path that is walked', () => {
  const walked = new Set(paths.map(({ steps }) => steps.at(-1)));
  const unreached = resolvedEdges()
    .map(({ typeName, fieldName }) => `${typeName}.${fieldName}`)
    .filter((edge) => !walked.has(edge));
  expect(unreached).toEqual([]);
  expect(paths.length).toBeGreaterThan(150);
});

describe.each(roles)('%s', (role) => {
  it('is refused every field that the policy does not open to it, wherever it asks', async () => {
    // The policy refuses before a database is asked: on the second engine one place stands for all.
    const asked = engine === 'sqlite' ? sideNames : (['inside'] as const);
    for (const path of pathsToClosed(role)) {
      for (const name of asked) {
        const answered = await ask(queryOf(path, sides[name]), role);
        const where = `${path.steps.join(' ')} ${name}`;
        const codes = codesOf(answered);
        expect(
          codes.filter((code) => code !== 'FORBIDDEN'),
          where,
        ).toEqual([]);
        // A path that ends early, at something that is not there, never comes to the closed field.
        if (codes.length === 0) expect(reaches(answered.data, path.steps), where).toBe(false);
        else expect(valuesAt(answered.data, path.steps), where).toEqual([]);
      }
    }
  });

  it('is answered inside its places, where the policy opens a field', async () => {
    await expectAnswered(
      paths.filter((each) => mayTake(each, role)),
      role,
    );
  });

  it('learns nothing beside and above its places: the answer is that of a thing that does not exist', async () => {
    if (role === 'ADMIN') return;
    const open = paths.filter((each) => mayTake(each, role));
    const isOpen = ({ steps }: Steps) => openEverywhere.has(steps[0] ?? '');
    for (const path of open.filter(isOpen)) {
      if (!path.steps.some((step) => closedEdges.test(step))) continue;
      for (const name of ['beside', 'above'] as const) {
        const answered = await ask(queryOf(path, sides[name]), role);
        expect(codesOf(answered), `${path.steps.join(' ')} ${name}`).toEqual(['FORBIDDEN']);
      }
    }
    const about = siblingsOf(open.filter((path) => !isOpen(path)));
    for (const group of about) await expectNothingTold(group, role, group.paths);
  });

  it('changes nothing beside and above its places, and learns nothing by trying', async () => {
    const fields = Object.values(schema.getMutationType()?.getFields() ?? {});
    const before = await rowCounts(server.database);
    const closedSides = engine === 'sqlite' ? (['inside', 'beside'] as const) : (['inside'] as const);
    for (const { name: operation, type } of fields) {
      const arguments_ = mutationArguments[operation];
      if (!arguments_)
        throw new Error(`${operation} is new: say in mutationArguments how it is asked about a place`);
      const selection = String(type).match(/^(Boolean|DateTime|String|Int)/)
        ? ''
        : answerOf(schema, operation);
      // What everybody may ask is about the caller alone, and about no place.
      if (typeof policy[operation] === 'string') continue;
      const mayAsk = rolesFor(operation).includes(role);
      if (mayAsk && (role === 'ADMIN' || operation === 'setClock' || operation.startsWith('recordSwipe')))
        continue;
      const asked = async (side: Side) =>
        ask(`mutation { ${operation}${arguments_(side)} ${selection} }`, role);
      if (!mayAsk) {
        // What the policy refuses it refuses before it looks at the place, or asks a database.
        for (const name of closedSides) {
          expect(codesOf(await asked(sides[name])), `${operation} ${name}`).toEqual(['FORBIDDEN']);
        }
        continue;
      }
      const nowhere = told(await asked(sides.nowhere), sides.nowhere);
      for (const name of ['beside', 'above'] as const) {
        expect(told(await asked(sides[name]), sides[name]), `${operation} ${name}`).toBe(nowhere);
      }
    }
    expect(await rowCounts(server.database)).toEqual(before);
  });
});

it('a relative without a right is refused each field of its group, inside too, and nobody’s rights are another’s', async () => {
  const { token, accountId } = await server.account('FAMILY', null, 'FAMILY', sides.inside.elderId);
  tokens.set('FAMILY', token);
  const groups = ['BOOKING', 'HEALTH', 'MONEY'] as const;
  for (const held of [undefined, ...groups]) {
    await giveRights(accountId, held ?? '');
    const closed = ({ steps }: Steps) =>
      steps.some((step) => groups.some((group) => group !== held && fieldGroups[step] === group));
    const open = paths.filter((path) => mayTake(path, 'FAMILY'));
    await expectAnswered(
      open.filter((path) => !closed(path)),
      'FAMILY',
    );
    // Beneath what is refused nothing is asked for.
    const toClosed = open.filter((path) => closed(path) && !closed({ steps: path.steps.slice(0, -1) }));
    expect(toClosed.length).toBeGreaterThan(2);
    for (const path of toClosed) {
      const answered = await ask(queryOf(path, sides.inside), 'FAMILY');
      expect(codesOf(answered), `${held} ${path.steps.join(' ')}`).toEqual(['FORBIDDEN']);
      expect(valuesAt(answered.data, path.steps), `${held} ${path.steps.join(' ')}`).toEqual([]);
    }
  }
});

it('every field of a group is one of the schema', () => {
  const fields = paths.map(({ steps }) => steps.at(-1) ?? '');
  const others = [schema.getMutationType(), schema.getSubscriptionType()].flatMap((root) =>
    Object.keys(root?.getFields() ?? {}),
  );
  expect(Object.keys(fieldGroups).filter((name) => ![...fields, ...others].includes(name))).toEqual([]);
});

describe('a caregiver', () => {
  const aboutOne = () =>
    paths.filter((path) => /^(elder|visit)$/.test(path.steps[0] ?? '') && mayTake(path, 'CAREGIVER'));

  it('is led by its own visit to everything that the policy opens', async () => {
    const closed: string[] = [];
    for (const path of aboutOne()) {
      const { data } = await ask(queryOf(path, sides.inside), 'CAREGIVER');
      if (!reaches(data, path.steps)) closed.push(path.steps.join(' '));
    }
    expect(closed).toEqual([]);
    expect(aboutOne().map(({ steps }) => steps.at(-1))).toContain('Elder.address');
  });

  it('learns nothing of an elder of its own place whom somebody else visits', async () => {
    for (const path of aboutOne()) {
      const nowhere = told(await ask(queryOf(path, sides.nowhere), 'CAREGIVER'), sides.nowhere);
      const answered = await ask(queryOf(path, unvisited), 'CAREGIVER');
      expect(told(answered, unvisited), path.steps.join(' ')).toBe(nowhere);
    }
    const { data } = await ask('{ elders { totalCount nodes { id } } }', 'CAREGIVER');
    expect(data).toEqual({ elders: { totalCount: 1, nodes: [{ id: String(sides.inside.elderId) }] } });
  });
});

import { readFileSync } from 'node:fs';
import {
  buildSchema,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isListType,
  isObjectType,
  isRequiredArgument,
  isRequiredInputField,
} from 'graphql';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { policy, rolesFor } from '../../src/access/policy.js';
import { engine } from '../support/test-database.js';
import { startTestServer, type TestServer } from '../support/test-server.js';
import { addDiner, buildTown, countRows, noon, type Town } from '../support/town.js';

const schema = buildSchema(readFileSync('schema/schema.graphql', 'utf8'));

/** What means something to a database, or is too much for it. */
const forDatabases = [
  "'; DROP TABLE elder; --",
  "' OR '1'='1",
  '" OR ""="',
  '1) UNION SELECT name, idNumber, id FROM elder --',
  "\\' OR 1=1 #",
  "%' AND SLEEP(5) AND '%'='",
  "1; ATTACH DATABASE '/tmp/x' AS x",
  '\u0000\u001b[31m\u202e',
  '\ud800',
  'a'.repeat(5_000),
];

/** What means something to a log, a template or a file system, beneath either database. */
const forOthers = [
  'x\r\n{"level":"error","msg":"forged line"}\n',
  `$${'{jndi:ldap://127.0.0.1/a}'} {{7*7}} <script>alert(1)</script>`,
  '../../../../etc/passwd',
];

const payloads = engine === 'sqlite' ? [...forDatabases, ...forOthers] : forDatabases;

interface Probe {
  /** The operation, then Type.field for each step below it: what the access policy is asked about. */
  steps: readonly string[];
  /** Type.field(argument), within an input its path. */
  where: string;
  /** An operation with one variable, which stands at that place. */
  query: string;
}

/** Every place of the schema at which a caller may write a text, with an operation that brings it there. */
function probesOf(walked: GraphQLSchema): Probe[] {
  const probes: Probe[] = [];
  for (const [kind, root] of [
    ['query', walked.getQueryType()],
    ['mutation', walked.getMutationType()],
  ] as const) {
    for (const field of Object.values(root?.getFields() ?? {})) {
      probes.push(...probesOfField({ kind, typeName: root?.name ?? '', steps: [] }, field, (inner) => inner));
    }
  }
  const seen = new Set<string>(['Query', 'Mutation']);
  const queue = Object.values(walked.getQueryType()?.getFields() ?? {}).map((field) => ({
    field,
    steps: [field.name],
    wrap: (inner: string) => `${field.name}${sampleArguments(field)} { ${inner} }`,
  }));
  for (let step = queue.shift(); step; step = queue.shift()) {
    const type = getNamedType(step.field.type);
    if (!isObjectType(type) || seen.has(type.name)) continue;
    seen.add(type.name);
    const { wrap, steps } = step;
    for (const field of Object.values(type.getFields())) {
      probes.push(...probesOfField({ kind: 'query', typeName: type.name, steps }, field, wrap));
      const own = [...steps, `${type.name}.${field.name}`];
      queue.push({
        field,
        steps: own,
        wrap: (inner) => wrap(`${field.name}${sampleArguments(field)} { ${inner} }`),
      });
    }
  }
  return probes;
}

type Field = GraphQLField<unknown, unknown>;

function probesOfField(
  at: { kind: string; typeName: string; steps: readonly string[] },
  field: Field,
  wrap: (inner: string) => string,
): Probe[] {
  const { kind, typeName } = at;
  const steps = [...at.steps, at.steps.length === 0 ? field.name : `${typeName}.${field.name}`];
  return field.args.flatMap((argument) =>
    placesIn(argument.type).map(({ path, variable, value }) => {
      const others = field.args.filter((other) => other !== argument && isRequiredArgument(other));
      const written = [`${argument.name}: ${value}`, ...others.map(sampleArgument)].join(', ');
      const selection = isCompositeType(getNamedType(field.type)) ? ' { __typename }' : '';
      return {
        steps,
        where: `${typeName}.${field.name}(${[argument.name, ...path].join('.')})`,
        query: `${kind} ($text: ${variable}) { ${wrap(`${field.name}(${written})${selection}`)} }`,
      };
    }),
  );
}

/** Where a text fits into a type, and the value that has the variable there. */
function placesIn(type: GraphQLInputType): { path: string[]; variable: string; value: string }[] {
  const inner = getNullableType(type);
  if (isListType(inner)) {
    return placesIn(inner.ofType as GraphQLInputType).map((place) => ({
      ...place,
      value: `[${place.value}]`,
    }));
  }
  if (isInputObjectType(inner)) {
    const fields = Object.values(inner.getFields());
    return fields.flatMap((field) =>
      placesIn(field.type).map((place) => {
        const others = fields.filter((other) => other !== field && isRequiredInputField(other));
        const written = [
          `${field.name}: ${place.value}`,
          ...others.map((other) => `${other.name}: ${sample(other.name, other.type)}`),
        ];
        return { ...place, path: [field.name, ...place.path], value: `{ ${written.join(', ')} }` };
      }),
    );
  }
  const { name } = getNamedType(inner);
  return name === 'String' || name === 'ID' ? [{ path: [], variable: `${name}!`, value: '$text' }] : [];
}

function sampleArguments(field: Field): string {
  const required = field.args.filter((argument) => isRequiredArgument(argument) || argument.name === 'id');
  return required.length === 0 ? '' : `(${required.map(sampleArgument).join(', ')})`;
}

function sampleArgument({ name, type }: GraphQLArgument): string {
  return `${name}: ${sample(name, type)}`;
}

/** A value of the type that the server can read; whether it finds anything by it does not matter. */
function sample(name: string, type: GraphQLInputType): string {
  const inner = getNullableType(type);
  if (isListType(inner)) return `[${sample(name, inner.ofType as GraphQLInputType)}]`;
  if (isInputObjectType(inner)) {
    const required = Object.values(inner.getFields()).filter(isRequiredInputField);
    return `{ ${required.map((field) => `${field.name}: ${sample(field.name, field.type)}`).join(', ')} }`;
  }
  const named = getNamedType(inner);
  if (isEnumType(named)) return named.getValues()[0]?.name ?? '';
  const known: Record<string, string> = {
    ID: '"1"',
    String: '"x"',
    Int: '1',
    Fen: '100',
    Boolean: 'false',
    Float: '1',
    Date: '"2026-03-10"',
    DateTime: '"2026-03-10T04:00:00Z"',
  };
  return known[named.name] ?? '""';
}

const probes = probesOf(schema);

/** Whoever the policy refuses is refused before its text is looked at: one text shows that. */
function isOpenToReaders({ steps }: Probe): boolean {
  return steps.every((step) => policy[step] === undefined || rolesFor(step).includes('READER'));
}

describe('a text that means something to a database, a shell or a log', () => {
  let server: TestServer;
  let town: Town;
  let admin: string;
  let reader: string;
  const logged: string[] = [];
  beforeAll(async () => {
    server = await startTestServer({
      at: noon,
      settings: { logLevel: 'trace', callerRatePerSecond: 0, objectRatePerMinute: 0 },
      logSink: { write: (line) => logged.push(line) },
    });
    town = await buildTown(server.database);
    await addDiner(town, { name: '王小明' });
    await addDiner(town, { name: '欧阳锦绣' });
    admin = await server.adminToken();
    reader = await server.readerToken(town.canteenIds[0]);
    // That an answer is given no sooner than any other is proved elsewhere.
    server.services.families.answerMsMin = 0;
  });
  afterAll(() => server.close());
  beforeEach(() => {
    logged.length = 0;
  });

  it('has many places to be tried at', () => {
    expect(probes.length).toBeGreaterThan(40);
    const places = probes.map(({ where }) => where);
    expect(new Set(places).size).toBe(places.length);
    for (const place of [
      'Query.elders(search)',
      'Facility.children(after)',
      'Mutation.recordSwipes(inputs.cardUid)',
    ]) {
      expect(places).toContain(place);
    }
  });

  async function tryText(query: string, text: string, token: string): Promise<string[]> {
    const { status, body } = await server.post(query, { text }, token);
    expect(status === 200 || status === 400).toBe(true);
    const codes = body.errors?.map(({ extensions }) => String(extensions.code)) ?? [];
    expect(codes).not.toContain('INTERNAL_SERVER_ERROR');
    expect(JSON.stringify(body.errors ?? [])).not.toMatch(/SQLITE|SQL syntax|\bER_[A-Z]|SELECT |QueryFailed/);
    return codes;
  }

  it.each(probes)('$where', async (probe) => {
    for (const text of payloads) await tryText(probe.query, text, admin);
    const byReader = isOpenToReaders(probe) ? payloads : payloads.slice(0, 1);
    for (const text of byReader) await tryText(probe.query, text, reader);
    const lines = logged.map((line) => JSON.parse(line));
    expect(lines.filter(({ msg }) => msg !== 'request')).toEqual([]);
    expect(lines).toHaveLength(payloads.length + byReader.length);
    expect(logged.join('')).not.toMatch(/forged|DROP TABLE/);
  });

  it('has changed nothing that it should not, and found nothing', async () => {
    const rows: { id: number; name: string }[] = await server.database.read((manager) =>
      manager.query('SELECT id, name FROM elder ORDER BY id'),
    );
    // The first was called each of them in turn, by whoever may change a name: it is kept as it was written.
    expect(payloads).toContain(rows[0]?.name);
    expect(rows.slice(1).map(({ name }) => name)).toEqual(['欧阳锦绣']);
    const { errors } = (
      await server.post(
        `mutation { changeElder(input: { elderId: "${rows[0]?.id}", name: "王小明" }) { __typename } }`,
        {},
        admin,
      )
    ).body;
    expect(errors).toBe(undefined);
    expect(await countRows(town, 'meal_card')).toBe(2);
    for (const search of payloads.filter((text) => text.length <= 100 && !/\p{Cc}/u.test(text))) {
      const { body } = await server.post<{
        elders: { totalCount: number };
        facilities: { totalCount: number };
      }>(
        'query ($search: String) { elders(search: $search) { totalCount } facilities(search: $search) { totalCount } }',
        { search },
        admin,
      );
      expect(body.data?.elders.totalCount).toBe(0);
    }
  });
});

import { importsOf, type SourceFile, withoutComments } from './source-files.js';

const areas = ['network', 'elders', 'meals', 'visits', 'beds', 'access'] as const;
const allAreas = areas.map((area) => `src/${area}/`);
/** Beneath the areas: one piece of business that several of them share. */
const beneath = ['settlement', 'rule-versions'] as const;
const allBeneath = beneath.map((name) => `src/${name}/`);
const openers = ['ormconfig.ts', 'src/server/', 'src/cli/', 'src/audit/', 'seeds/', 'bench/', 'test/'];

/** Which of our own files the files of a layer may import: beginnings of paths. The first match decides. */
const layers: readonly { layer: string; may: readonly string[] }[] = [
  { layer: 'entities/', may: ['entities/'] },
  { layer: 'migrations/', may: ['migrations/', 'src/shared/'] },
  { layer: 'src/shared/', may: ['src/shared/'] },
  { layer: 'src/config/', may: ['src/config/', 'src/shared/'] },
  { layer: 'src/audit-log/', may: ['src/audit-log/', 'src/shared/', 'entities/'] },
  {
    layer: 'src/settlement/',
    // A statement's document names elders, and masks them.
    may: ['src/settlement/', 'src/elders/', 'src/network/', 'src/audit-log/', 'src/shared/', 'entities/'],
  },
  {
    layer: 'src/rule-versions/',
    // Rules of every kind ask for the categories of elders.
    may: ['src/rule-versions/', 'src/elders/', 'src/network/', 'src/audit-log/', 'src/shared/', 'entities/'],
  },
  ...areaLayers(),
  {
    layer: 'schema/',
    may: ['schema/', ...allAreas, ...allBeneath, 'src/audit-log/', 'src/shared/', 'entities/'],
  },
  { layer: 'src/server/', may: ['src/', 'schema/', 'seeds/', 'entities/', 'ormconfig.ts'] },
  { layer: 'src/cli/', may: ['src/', 'seeds/', 'entities/', 'ormconfig.ts'] },
  {
    layer: 'src/audit/',
    may: [
      'src/audit/',
      ...allAreas,
      ...allBeneath,
      'src/shared/',
      'src/config/',
      'entities/',
      'ormconfig.ts',
    ],
  },
  { layer: 'src/main.ts', may: ['src/server/', 'src/config/', 'src/shared/'] },
  {
    layer: 'seeds/',
    may: [
      'seeds/',
      ...allAreas,
      ...allBeneath,
      'src/audit/',
      'src/shared/',
      'src/config/',
      'entities/',
      'ormconfig.ts',
    ],
  },
  {
    // A device in a canteen: it knows the server by its public graph, and the rules that both decide by.
    layer: 'reader/',
    may: ['reader/', 'src/shared/', 'src/config/', 'src/meals/', 'entities/'],
  },
  { layer: 'ormconfig.ts', may: ['entities/index.ts', 'migrations/index.ts', 'src/shared/'] },
];

/** An area leans on its own files, on those named here, on what is shared and on the tables; never sideways. */
function areaLayers(): { layer: string; may: string[] }[] {
  const leansOn: Record<(typeof areas)[number], readonly string[]> = {
    network: [],
    access: ['elders', 'network'],
    elders: ['network'],
    meals: ['elders', 'network', ...beneath],
    visits: ['elders', 'network', ...beneath],
    beds: ['elders', 'network', 'settlement'],
  };
  return areas.map((area) => ({
    layer: `src/${area}/`,
    may: [
      ...[area, ...leansOn[area]].map((name) => `src/${name}/`),
      'src/audit-log/',
      'src/shared/',
      'entities/',
    ],
  }));
}

/** Packages that the files beneath a path must not know. */
const strangers: readonly { beneath: readonly string[]; packages: RegExp; why: string }[] = [
  { beneath: ['entities/', 'migrations/'], packages: /^(?!typeorm$)/, why: 'tables know TypeORM alone' },
  {
    beneath: ['reader/'],
    packages: /^(typeorm|mysql2|type-graphql|fastify|@apollo\/.*)$/,
    why: 'a device is no server',
  },
  {
    beneath: ['src/shared/', ...allBeneath, ...allAreas],
    packages: /^(type-graphql|graphql.*|fastify|@apollo\/.*|@as-integrations\/.*|commander)$/,
    why: 'the business does not know who asks',
  },
];

/** Calls that belong to few places. `except` are beginnings of paths. */
const calls: readonly { beneath: RegExp; except: readonly string[]; call: RegExp; why: string }[] = [
  {
    beneath: /./,
    except: ['src/config/', 'test/', 'vitest.config.ts', 'bench/'],
    call: /\bprocess\.env\b/,
    why: 'settings come from src/config',
  },
  {
    beneath: /./,
    except: openers,
    call: /\bnew DataSource\(|\bopenDatabase\(/,
    why: 'an EntityManager is handed in',
  },
  {
    beneath: /^src\/(network|elders|meals|visits|beds|access|settlement|rule-versions)\/|\.rules\.ts$/,
    except: [],
    call: /\bDate\.now\(|\bnew Date\(\s*\)/,
    why: 'the instant is handed in',
  },
  {
    beneath: /\.rules\.ts$/,
    except: [],
    call: /\bMath\.random\(|\brandom(UUID|Bytes)\(|\bawait\b/,
    why: 'rules are pure',
  },
  {
    beneath: /^schema\//,
    except: [],
    call: /\.query\(|\.createQueryBuilder\(|\.getRepository\(/,
    why: 'the boundary holds no SQL',
  },
  {
    beneath: /^schema\//,
    except: [],
    call: /\bdatabase\.write\(/,
    why: 'a write goes with its record, through context.audit',
  },
];

/** One line for every broken rule; none when all hold. */
export function brokenImportRules(file: SourceFile): string[] {
  return [
    ...brokenLayers(file),
    ...brokenDevice(file),
    ...brokenStrangers(file),
    ...brokenPurity(file),
    ...brokenCalls(file),
  ];
}

function brokenLayers(file: SourceFile): string[] {
  const rule = layers.find(({ layer }) => file.path.startsWith(layer));
  const own = importsOf(file).filter((import_) => import_.own);
  if (rule) {
    const wrong = own.filter(({ target }) => !rule.may.some((start) => target.startsWith(start)));
    return wrong.map(({ target }) => `${file.path} imports ${target}: it may import ${rule.may.join(' ')}`);
  }
  if (/^(src|schema|entities|migrations|seeds|reader)\//.test(file.path)) {
    return [`${file.path} belongs to no layer: name its place in test/conventions/import-rules.ts`];
  }
  return [];
}

/** A reader is handed no table and no work of the server's: of meals it takes rules and texts, of tables their types. */
function brokenDevice(file: SourceFile): string[] {
  if (!file.path.startsWith('reader/')) return [];
  const wrong = importsOf(file).filter(
    ({ target, values }) =>
      values.length > 0 &&
      (target.startsWith('entities/') || (target.startsWith('src/meals/') && !isForDevices(target))),
  );
  return wrong.map(({ target }) => `${file.path} imports ${target}: a device takes rules and types alone`);
}

function isForDevices(target: string): boolean {
  return target.endsWith('.rules.ts') || target === 'src/meals/swipe-messages.ts';
}

function brokenStrangers(file: SourceFile): string[] {
  const rules = strangers.filter(({ beneath }) => beneath.some((start) => file.path.startsWith(start)));
  const packages = importsOf(file).filter((import_) => !import_.own);
  return rules.flatMap(({ packages: unwanted, why }) =>
    packages
      .filter(({ target }) => unwanted.test(target))
      .map(({ target }) => `${file.path} imports ${target}: ${why}`),
  );
}

/** Rules may name the types and the lists of the tables, never a table itself, and nothing of TypeORM. */
function brokenPurity(file: SourceFile): string[] {
  if (!file.path.endsWith('.rules.ts')) return [];
  return importsOf(file).flatMap(({ target, values }) => {
    const tables = target.startsWith('entities/') ? values.filter((name) => /^[A-Z*]/.test(name)) : [];
    const wrong = target === 'typeorm' ? [target] : tables;
    return wrong.map((name) => `${file.path} imports ${name}: rules are pure`);
  });
}

function brokenCalls(file: SourceFile): string[] {
  const code = withoutComments(file.text);
  const rules = calls.filter(
    ({ beneath, except }) => beneath.test(file.path) && !except.some((start) => file.path.startsWith(start)),
  );
  return rules.flatMap(({ call, why }) => {
    const found = code.match(call);
    return found ? [`${file.path} has ${found[0]}: ${why}`] : [];
  });
}

import { type SourceFile, withoutComments } from './source-files.js';

/** Longer than this, a file hides an idea that wants a file of its own. */
export const linesMax = 300;

const kebab = '[a-z0-9]+(-[a-z0-9]+)*';

/** How files are named, by folder. The first folder that fits decides; elsewhere kebab case is enough. */
const names: readonly { beneath: RegExp; name: RegExp; rule: string }[] = [
  {
    beneath: /^schema\/(network|elders|meals|visits|beds|access)\//,
    name: new RegExp(`^${kebab}\\.(type|input|resolver)\\.ts$`),
    rule: 'a type, an input or a resolver',
  },
  {
    beneath: /^schema\/loaders\//,
    name: new RegExp(`^(index|grouped-loader|${kebab}\\.loaders)\\.ts$`),
    rule: 'the loaders of an area, or what they share',
  },
  {
    beneath: /^schema\/[^/]+$/,
    name: /^(build-schema|context|emit-schema|guard|resolvers)\.ts$|^schema\.graphql$/,
    rule: 'one of the few files that hold the boundary together',
  },
  {
    beneath: /^entities\/[^/]+\//,
    name: new RegExp(`^${kebab}\\.entity\\.ts$`),
    rule: 'one table',
  },
  {
    beneath: /^migrations\/(?!(index|columns)\.ts$)/,
    name: new RegExp(`^\\d{13}-${kebab}\\.ts$`),
    rule: 'milliseconds and a name',
  },
  {
    beneath: /^src\/(network|elders|meals|visits|beds|access|settlement|rule-versions)\//,
    name: new RegExp(`^${kebab}(\\.rules)?\\.ts$`),
    rule: 'what it does, or the rules of it',
  },
];

/** Written in pieces, so that this very file does not hold what it looks for. */
const looseEnds: readonly [RegExp, string][] = [
  [
    new RegExp(`\\b(it|test|describe)\\.(${['on', 'ly'].join('')}|sk${'ip'}|to${'do'})\\b`),
    'a test left out',
  ],
  [new RegExp(`\\b(TO${'DO'}|FIX${'ME'}|XX${'X'})\\b`), 'work left for later'],
  [new RegExp(`@ts-(ig${'nore'}|no${'check'})|biome-ig${'nore'}`), 'a check switched off'],
  [new RegExp(`\\bas a${'ny'}\\b|: a${'ny'}\\b`), 'a type given up'],
];

/** One line for every broken rule; none when all hold. */
export function brokenFileRules(file: SourceFile): string[] {
  return [...brokenLength(file), ...brokenName(file), ...brokenLooseEnds(file), ...brokenEntity(file)];
}

function brokenLength({ path, text }: SourceFile): string[] {
  const lines = text.split('\n').length - 1;
  if (!/^(src|schema|entities|seeds|migrations|bench|reader|test)\/.*\.ts$/.test(path) || lines <= linesMax)
    return [];
  return [`${path} has ${lines} lines, ${linesMax} at most`];
}

function brokenName({ path }: SourceFile): string[] {
  const rule = names.find(({ beneath }) => beneath.test(path));
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (rule) return rule.name.test(name) ? [] : [`${path} is not named as ${rule.rule}`];
  if (!path.endsWith('.ts') || new RegExp(`^${kebab}(\\.[a-z]+)*\\.ts$`).test(name)) return [];
  return [`${path} is not named in kebab case`];
}

function brokenLooseEnds({ path, text }: SourceFile): string[] {
  if (!path.endsWith('.ts')) return [];
  return looseEnds.flatMap(([pattern, what]) => {
    const found = text.match(pattern);
    return found ? [`${path} holds "${found[0]}": ${what}`] : [];
  });
}

/** A file of entities/<area> declares one table and its class, after which it is named. */
function brokenEntity({ path, text }: SourceFile): string[] {
  const code = withoutComments(text);
  const tables = code.match(/^@Entity\(/gm)?.length ?? 0;
  if (!/^entities\/[^/]+\//.test(path))
    return tables > 0 ? [`${path} declares a table outside entities`] : [];
  const classes = [...code.matchAll(/^export class (\w+)/gm)].map(([, name]) => inKebabCase(name ?? ''));
  const expected = path.replace(/^.*\//, '').replace('.entity.ts', '');
  if (tables === 1 && classes.length === 1 && classes[0] === expected) return [];
  return [
    `${path} declares ${tables} tables and the classes ${classes.join(', ')}, not one named ${expected}`,
  ];
}

function inKebabCase(name: string): string {
  return name.replace(/(?<=[a-z0-9])[A-Z]/g, (letter) => `-${letter}`).toLowerCase();
}

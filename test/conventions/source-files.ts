import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';

/** One file of the project, its path written from the top of the project with forward slashes. */
export interface SourceFile {
  path: string;
  text: string;
}

export interface Import {
  /** A path from the top of the project such as src/shared/ids.ts, or a package's name. */
  target: string;
  /** Of the project itself, not of a package. */
  own: boolean;
  /** The names that stay after compilation; `import type` and `type X` are left out. */
  values: string[];
}

/** Folders that git does not keep, as .gitignore lists them. */
const notOurs = new Set(['node_modules', 'dist', 'data', 'coverage', '.git']);

/** Every file that is ours, tracked or about to be, without asking git: an unpacked archive has none. */
export function ourFiles(folder = ''): SourceFile[] {
  return readdirSync(folder || '.', { withFileTypes: true }).flatMap((entry) => {
    const path = posix.join(folder, entry.name);
    if (notOurs.has(entry.name) || entry.name.endsWith('.tsbuildinfo')) return [];
    if (entry.isDirectory()) return ourFiles(path);
    return entry.isFile() ? [{ path, text: readFileSync(join(path), 'utf8') }] : [];
  });
}

export function ourCode(): SourceFile[] {
  return ourFiles().filter(({ path }) => path.endsWith('.ts'));
}

/** The code without its comments, which may speak of what the code must not do. */
export function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1');
}

const fromStatement = /^(?:import|export)\s+(type\s+)?([^;'"]*?)\s*from\s*['"]([^'"]+)['"]/gm;
const bareStatement = /^import\s*['"]([^'"]+)['"]/gm;
const dynamicImport = /\bimport\(\s*['"]([^'"]+)['"]\s*\)/g;

/** What a file imports or passes on, statement by statement; TypeScript 7 offers no parser to ask. */
export function importsOf({ path, text }: SourceFile): Import[] {
  const code = withoutComments(text);
  const imports: Import[] = [];
  for (const [, typeOnly, names, specifier] of code.matchAll(fromStatement)) {
    imports.push({ ...targetOf(path, specifier ?? ''), values: typeOnly ? [] : valueNames(names ?? '') });
  }
  for (const [, specifier] of [...code.matchAll(bareStatement), ...code.matchAll(dynamicImport)]) {
    imports.push({ ...targetOf(path, specifier ?? ''), values: ['*'] });
  }
  return imports;
}

function targetOf(from: string, specifier: string): { target: string; own: boolean } {
  if (!specifier.startsWith('.')) return { target: packageOf(specifier), own: false };
  const target = posix.join(posix.dirname(from), specifier).replace(/\.js$/, '.ts');
  return { target, own: true };
}

/** `mysql2` for `mysql2/promise`, `@apollo/server` for `@apollo/server/errors`. */
function packageOf(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

function valueNames(names: string): string[] {
  const listed = names.replace(/[{}]/g, ',').split(',');
  return listed.map((name) => name.trim()).filter((name) => name !== '' && !name.startsWith('type '));
}

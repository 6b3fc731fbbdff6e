import { readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { readerMutants } from './reader-mutants.js';

const query = /\?mutant=(\d+)$/;

/** Where to import a file from, so that what it leans on is that of a mutant. */
export function mutatedPath(file: string, mutant: number): string {
  const path = resolve(file);
  const [, mutated] = readerMutants[mutant] ?? [];
  return mutated !== undefined && leansOn(path, resolve(mutated)) ? `${path}?mutant=${mutant}` : path;
}

/** A plugin of Vite: of the files of a mutant those are loaded anew that lean on the one that differs. */
export function mutatedModules() {
  return {
    name: 'mutated-modules',
    enforce: 'pre' as const,
    resolveId(source: string, importer: string | undefined): string | undefined {
      const mutant = importer && query.exec(importer);
      if (!mutant || !source.startsWith('.')) return undefined;
      const path = resolve(dirname(importer), source).replace(/\.js$/, '.ts');
      const [, file = ''] = readerMutants[Number(mutant[1])] ?? [];
      return leansOn(path, resolve(file)) ? path + mutant[0] : path;
    },
    load(id: string): string | undefined {
      const mutant = query.exec(id);
      if (!mutant) return undefined;
      const path = id.slice(0, mutant.index);
      const [, file, find = '', replace = ''] = readerMutants[Number(mutant[1])] ?? [];
      const text = readFileSync(path, 'utf8');
      return relative('.', path) === file ? text.replace(find, () => replace) : text;
    },
  };
}

const imports = new Map<string, string[]>();

/** True for the file itself and for whatever imports it, straight or through others. */
function leansOn(path: string, file: string, seen = new Set<string>()): boolean {
  if (path === file) return true;
  if (seen.has(path)) return false;
  seen.add(path);
  return importsOf(path).some((each) => leansOn(each, file, seen));
}

function importsOf(path: string): string[] {
  const known = imports.get(path);
  if (known) return known;
  const froms = readFileSync(path, 'utf8').matchAll(/^(?:import|\}) (?!type )[^;]*?from '(\.[^']+)\.js';$/gm);
  const found = [...froms].map(([, from = '']) => `${resolve(dirname(path), from)}.ts`);
  imports.set(path, found);
  return found;
}

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ourFiles } from './source-files.js';

interface Package {
  engines: { node: string };
  scripts: Record<string, string>;
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
}

const package_ = JSON.parse(readFileSync('package.json', 'utf8')) as Package;

/** Where packages come from is the business of whoever installs them, not of this project. */
const downloadAddress = /"resolved"|\bregistry\.[a-z0-9-]+\.[a-z]+|_auth(Token)?\s*=|\bnpm\.pkg\./;

/** Names of `npm run <name>` and of npm's own shorthands within a text. */
function scriptsNamed(text: string): string[] {
  const runs = [...text.matchAll(/\bnpm run ([a-z][a-z:-]*)/g)].map(([, name]) => name ?? '');
  const shorthands = [...text.matchAll(/\bnpm (start|test)\b/g)].map(([, name]) => name ?? '');
  return [...new Set([...runs, ...shorthands])];
}

describe('package.json', () => {
  it('asks for Node 20.19 or newer, and for nothing that needs 22', () => {
    expect(package_.engines.node).toBe('>=20.19.0');
  });

  it('pins every package to one version', () => {
    const versions = Object.entries({ ...package_.dependencies, ...package_.devDependencies });
    expect(versions.length).toBeGreaterThan(20);
    expect(versions.filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([]);
  });

  it('runs nothing by itself when it is installed', () => {
    const hooks = ['preinstall', 'install', 'postinstall', 'prepare'];
    expect(hooks.filter((hook) => hook in package_.scripts)).toEqual([]);
  });
});

it('no file says from where packages are fetched', () => {
  const telling = ourFiles().filter(({ path, text }) => path !== thisFile && downloadAddress.test(text));
  expect(telling.map(({ path }) => path)).toEqual([]);
});

const thisFile = 'test/conventions/package.test.ts';

it('every script that a text or the checks name exists', () => {
  const texts = ourFiles().filter(({ path }) => path.endsWith('.md') || path === '.ci/run');
  const named = texts.flatMap(({ path, text }) => scriptsNamed(text).map((script) => ({ path, script })));
  expect(named.length).toBeGreaterThan(5);
  expect(named.filter(({ script }) => !(script in package_.scripts))).toEqual([]);
});

describe('the checkers see', () => {
  it.each([
    '"resolved": "https://example.org/x.tgz"',
    'registry=https://registry.example.org/',
    '//example.org/:_authToken = x',
  ])('an address: %s', (text) => {
    expect(downloadAddress.test(text)).toBe(true);
  });

  it('a script named in a text', () => {
    expect(
      scriptsNamed('`npm ci && npm start`, then `npm run check:schema` or `npm run day -- --fast`'),
    ).toEqual(['check:schema', 'day', 'start']);
  });
});

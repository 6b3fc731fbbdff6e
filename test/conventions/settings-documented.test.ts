import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { settingsList } from '../../src/config/settings.js';

/** Name and default of every row of a table of settings. */
function documented(markdown: string): [string, string][] {
  const rows = markdown.matchAll(/^\| `([A-Z_]+)` \| `([^`]*)` \| [A-Z`].{20,}\. \|$/gm);
  return [...rows].map(([, name = '', value = '']) => [name, value]);
}

it('docs/operations.md lists every setting with its default, and no other', () => {
  const operations = readFileSync('docs/operations.md', 'utf8');
  expect(documented(operations)).toEqual(settingsList.map((setting) => [setting.name, setting.default]));
});

it('the checker sees a row, its default, and a row without a meaning', () => {
  expect(documented('| `PORT` | `4000` | The TCP port to listen on. |')).toEqual([['PORT', '4000']]);
  expect(documented('| `PORT` | `4000` | |')).toEqual([]);
});

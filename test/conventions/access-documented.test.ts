import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { groupTable, policyTable } from '../../src/access/policy-table.rules.js';

const path = 'docs/access.md';
const begins =
  '<!-- The table is written by `npx vitest run --project pure test/conventions/access-documented.test.ts -u`. -->';
const ends = '<!-- Here the table ends. -->';

/** The text with the table of the code between its two marks. */
function withTable(text: string, table: string): string {
  const [before, rest] = text.split(begins);
  const after = rest?.split(ends)[1];
  if (before === undefined || after === undefined) throw new Error(`${path} has no place for the table`);
  return `${before}${begins}\n\n${table}\n\n${ends}${after}`;
}

it('docs/access.md holds the policy table as the code has it', async () => {
  const text = readFileSync(path, 'utf8');
  await expect(withTable(text, `${policyTable()}\n\n${groupTable()}`)).toMatchFileSnapshot(`../../${path}`);
});

it('the table tells of each kind of rule', () => {
  const lines = policyTable().split('\n');
  const cellsOf = (operation: string) =>
    lines
      .find((line) => line.startsWith(`| \`${operation}\` |`))
      ?.split('|')
      .slice(2, -1)
      .map((cell) => cell.trim());
  const [yes, no] = ['●', ''];
  expect(cellsOf('signIn')).toEqual(Array(10).fill(yes));
  expect(cellsOf('viewer')).toEqual([...Array(9).fill(yes), no]);
  expect(cellsOf('closeFacility')).toEqual([yes, ...Array(9).fill(no)]);
  expect(cellsOf('checkIn')).toEqual([no, no, no, yes, ...Array(6).fill(no)]);
});

it('a text that lost its marks, or an older table, is seen', () => {
  expect(() => withTable('no marks', 'x')).toThrow('no place');
  expect(withTable(`a${begins}old${ends}b`, 'new')).toBe(`a${begins}\n\nnew\n\n${ends}b`);
});

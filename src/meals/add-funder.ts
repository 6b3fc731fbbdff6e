import type { EntityManager } from 'typeorm';
import { codeInvalid, isCode } from '../shared/code.js';
import { isRefusal, type Refusal, refuse } from '../shared/refusal.js';
import { insertRows, placeholders } from '../shared/statements.js';
import { openLedgerAccounts } from './ledger.js';
import { divisionDigits, type FunderLevel } from './rules/rule-shares.rules.js';

export type FunderRefusalCode =
  | 'CODE_INVALID'
  | 'NAME_INVALID'
  | 'CODE_TAKEN'
  | 'DIVISION_INVALID'
  | 'DIVISION_TAKEN';

export interface FunderFacts {
  id: number;
  code: string;
  name: string;
}

/** Rules find the funder of a level by its place: 2 digits of GB/T 2260 for a province, 4, 6, and 9 for a town. */
export interface NewFunder {
  code: string;
  name: string;
  level?: FunderLevel | null;
  divisionCode?: string | null;
}

const nameLengthMax = 100;

/** Adds somebody who bears subsidies, with the account in the ledger that they are charged to. */
export async function addFunder(
  manager: EntityManager,
  given: NewFunder,
): Promise<FunderFacts | Refusal<FunderRefusalCode>> {
  const { code } = given;
  const name = given.name.trim();
  if (!isCode(code)) return codeInvalid();
  const length = [...name].length;
  if (length < 1 || length > nameLengthMax || /\p{Cc}/u.test(name)) {
    const text = {
      zh: `名称须为 1 至 ${nameLengthMax} 个字`,
      en: `A name has 1 to ${nameLengthMax} characters`,
    };
    return refuse('NAME_INVALID', text, ['name']);
  }
  const { level = null, divisionCode = null } = given;
  const digits = level === null || level === 'DONOR' ? 0 : divisionDigits[level];
  if (
    digits === 0
      ? divisionCode !== null
      : !/^\d+$/.test(divisionCode ?? '') || divisionCode?.length !== digits
  ) {
    const text = {
      zh: '省、市、区县、街镇级出资方须有 2、4、6、9 位区划代码，其他不得有',
      en: 'A province, city, district or town has a division code of 2, 4, 6 or 9 digits, others have none',
    };
    return refuse('DIVISION_INVALID', text, ['divisionCode']);
  }
  if (await funderByCode(manager, code)) {
    return refuse('CODE_TAKEN', { zh: '已有此编码的出资方', en: 'A funder has this code already' }, ['code']);
  }
  if (digits > 0 && (await hasPlace(manager, level, divisionCode))) {
    const text = { zh: '该区划的这一级已有出资方', en: 'The place has a funder of this level already' };
    return refuse('DIVISION_TAKEN', text, ['divisionCode']);
  }
  const columns = ['code', 'name', 'level', 'divisionCode'];
  await insertRows(manager, 'funder', columns, [[code, name, level, divisionCode]]);
  const funder = await funderByCode(manager, code);
  if (!funder) throw new Error(`the funder ${code} was inserted and is not there`);
  await openLedgerAccounts(manager, [{ kind: 'FUNDER', ownerId: funder.id }]);
  return funder;
}

/** True when the rules could not tell which of two funders of a level a place has. */
async function hasPlace(
  manager: EntityManager,
  level: string | null,
  divisionCode: string | null,
): Promise<boolean> {
  const rows: unknown[] = await manager.query('SELECT id FROM funder WHERE level = ? AND divisionCode = ?', [
    level,
    divisionCode,
  ]);
  return rows.length > 0;
}

/** Adds those that are missing, and tells their codes. */
export async function addFunders(
  manager: EntityManager,
  funders: readonly NewFunder[],
): Promise<string[] | Refusal<FunderRefusalCode>> {
  const added: string[] = [];
  for (const funder of funders) {
    if (await funderByCode(manager, funder.code)) continue;
    const result = await addFunder(manager, funder);
    if (isRefusal(result)) return result;
    added.push(funder.code);
  }
  return added;
}

/** The funder with exactly this code. */
export async function funderByCode(manager: EntityManager, code: string): Promise<FunderFacts | undefined> {
  const rows: FunderFacts[] = await manager.query('SELECT id, code, name FROM funder WHERE code = ?', [code]);
  // MySQL also finds the code in other letters, or with a space after it; SQLite does not.
  return rows.find((row) => row.code === code);
}

/** The codes of funders by their ids. */
export async function funderCodes(
  manager: EntityManager,
  ids: readonly number[],
): Promise<Map<number, string>> {
  const rows: { id: number; code: string }[] = await manager.query(
    `SELECT id, code FROM funder WHERE id IN (${placeholders(ids)})`,
    [...ids],
  );
  return new Map(rows.map(({ id, code }) => [id, code]));
}

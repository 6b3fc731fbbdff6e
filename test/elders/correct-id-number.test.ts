import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { Elder } from '../../entities/index.js';
import { correctIdNumber } from '../../src/elders/correct-id-number.js';
import { endElder } from '../../src/elders/end-elder.js';
import { findElders } from '../../src/elders/find-elders.js';
import { registerElder } from '../../src/elders/register-elder.js';
import { openField } from '../../src/elders/sealed-fields.js';
import type { Scope } from '../../src/network/scope.js';
import { cipherOf } from '../../src/shared/database-cipher.js';
import { isRefusal } from '../../src/shared/refusal.js';
import { expectAuditClean } from '../support/audited.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { noon, today } from '../support/town.js';
import { buildTwoCounties, newIdNumber, type TwoCounties } from '../support/two-counties.js';

let open: TestDatabase;
let town: TwoCounties;
let [elderId, typed] = [0, ''];
beforeAll(async () => {
  open = await openTestDatabase();
  town = await buildTwoCounties(open.database);
});
beforeEach(async () => {
  typed = newIdNumber('1950-01-01');
  elderId = await register(typed);
});
afterAll(async () => {
  await expectAuditClean(open.database);
  await open.drop();
});

function registration(idNumber: string) {
  const file = { name: '王秀英', idNumber, homeStationId: town.stationId, categories: [] };
  return open.database.write((manager) =>
    registerElder(manager, { ...file, abilityLevel: null, abilityExpiresOn: null }, 'everywhere', today),
  );
}

async function register(idNumber: string): Promise<number> {
  const elder = await registration(idNumber);
  if (isRefusal(elder)) throw new Error(elder.refused);
  return elder.id;
}

async function correct(idNumber: string, id = elderId, scope: Scope = 'everywhere') {
  const result = await open.database.write((manager) =>
    correctIdNumber(manager, { elderId: id, idNumber }, scope, today),
  );
  return isRefusal(result) ? `${result.refused} ${result.field}` : 'done';
}

const file = (id = elderId) =>
  open.database.read(async (manager) => {
    const elder = await manager.findOneByOrFail(Elder, { id });
    return { idNumber: openField(cipherOf(manager), 'idNumber', elder), birthDate: elder.birthDate };
  });

const foundBy = (search: string) =>
  open.database.read(async (manager) => {
    const page = { afterId: 0, rowsMax: 5 };
    return (await findElders(manager, { search }, page, 'everywhere', today)).map(({ id }) => id);
  });

it('puts the number right, the birth date and the search with it, and frees the wrong one', async () => {
  const right = newIdNumber('1940-12-31');
  expect(await correct(` ${right.toLowerCase()} `)).toBe('done');
  expect(await file()).toEqual({ idNumber: right, birthDate: '1940-12-31' });
  expect(await foundBy(right)).toEqual([elderId]);
  expect(await foundBy(typed)).toEqual([]);
  expect(await correct(right)).toBe('done');
  // Whose number it really is can have a file now.
  expect(await register(typed)).not.toBe(elderId);
});

it('refuses what is no number, of somebody unborn, or of another file, and writes nothing', async () => {
  const other = newIdNumber('1950-01-01');
  await register(other);
  expect(await correct('123')).toBe('ID_NUMBER_INVALID idNumber');
  expect(await correct(newIdNumber('2026-03-11'))).toBe('ID_NUMBER_INVALID idNumber');
  expect(await correct(other)).toBe('ID_NUMBER_TAKEN idNumber');
  expect(await file()).toEqual({ idNumber: typed, birthDate: '1950-01-01' });
});

it('is for a file that has ended too, for none that was erased, and for nobody out of scope', async () => {
  const right = newIdNumber('1941-01-01');
  const unknown = await correct(right, 999_999);
  expect(unknown).toBe('ELDER_UNKNOWN elderId');
  expect(await correct(right, elderId, [town.otherCountyId])).toBe(unknown);
  const ending = { elderId, status: 'CLOSED', on: today } as const;
  await open.database.write((manager) => endElder(manager, ending, 'everywhere', today));
  expect(await correct(right)).toBe('done');
  const erased = (atMs: number | null) =>
    open.database.write((manager) =>
      manager.query('UPDATE elder SET erasedAt = ? WHERE id = ?', [atMs, elderId]),
    );
  await erased(noon.getTime());
  expect(await correct(typed)).toBe('ELDER_ERASED elderId');
  await erased(null);
});

it('a number that two counters want at once is in one file', async () => {
  for (let round = 0; round < 5; round++) {
    const wanted = newIdNumber('1945-05-05');
    const mine = await register(newIdNumber('1950-01-01'));
    const [corrected, registered, other] = await Promise.all([
      correct(wanted, mine),
      registration(wanted),
      correct(wanted, elderId),
    ]);
    const won = [corrected === 'done', !isRefusal(registered), other === 'done'].filter(Boolean);
    expect(won).toHaveLength(1);
    expect(await foundBy(wanted)).toHaveLength(1);
  }
});

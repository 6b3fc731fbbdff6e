import type { EntityManager } from 'typeorm';
import { idNumberHash, sealIdentity } from '../src/elders/sealed-fields.js';
import { cashOwnerId, ledgerAccountId, type Posting, postingInserts } from '../src/meals/ledger.js';
import { type Database, forUpdate } from '../src/shared/database.js';
import { cipherOf } from '../src/shared/database-cipher.js';
import type { FieldCipher } from '../src/shared/field-cipher.js';
import { IdBlocks } from '../src/shared/ids.js';
import { insertRows, placeholders, writeTogether } from '../src/shared/statements.js';
import { type DemoElder, demoElder } from './elders/demo-elder.js';
import { eldersMax } from './elders/identity.js';
import { facilityIds, idOf } from './reference/insert-reference.js';
import { rootCode } from './reference/nanyang/network.js';

/**
 * Elders in one transaction. A chunk touches pages all over the indexes whatever its size, so larger ones
 * write less; this is still a second's work at most for a kill to undo.
 */
export const eldersPerChunk = 5000;

/** What the insertion of every chunk needs. */
interface City {
  facilityIds: ReadonlyMap<string, number>;
  cashAccountId: number;
}

/**
 * Inserts the elders 0 to `elders` - 1 that are not there yet, with their cards and the money first paid in,
 * a chunk at a time; the memory it takes does not grow with their number. The reference data must be in.
 * `onProgress` is told how many are there. Returns how many were inserted.
 */
export async function seedElders(
  database: Database,
  { elders, onProgress }: { elders: number; onProgress?: (present: number) => void },
): Promise<number> {
  if (elders > eldersMax) throw new RangeError(`at most ${eldersMax} elders can be made up, not ${elders}`);
  const firstChunk = await firstIncompleteChunk(database, elders);
  const chunks = Math.ceil(elders / eldersPerChunk);
  if (firstChunk === chunks) return 0;
  const city = await database.read(readCity);
  const ids = new IdBlocks(database, eldersPerChunk * 2);
  let inserted = 0;
  for (let chunk = firstChunk; chunk < chunks; chunk++) {
    const end = Math.min((chunk + 1) * eldersPerChunk, elders);
    const chunkElders = range(chunk * eldersPerChunk, end).map(demoElder);
    // A top-up and its posting each; taken before the transaction, because taking ids is one itself.
    const firstId = await ids.take(chunkElders.length * 2);
    const insert = (manager: EntityManager) => insertMissing(manager, city, chunkElders, firstId);
    inserted += await database.write(insert);
    onProgress?.(end);
  }
  return inserted;
}

/** Chunks go in whole and in order, so halving finds the first one whose last elder is not there. */
async function firstIncompleteChunk(database: Database, elders: number): Promise<number> {
  let from = 0;
  let to = Math.ceil(elders / eldersPerChunk);
  while (from < to) {
    const middle = Math.floor((from + to) / 2);
    const last = demoElder(Math.min((middle + 1) * eldersPerChunk, elders) - 1);
    const found = await database.read((manager) => elderIds(manager, [last]));
    if (found.size > 0) from = middle + 1;
    else to = middle;
  }
  return from;
}

async function readCity(manager: EntityManager): Promise<City> {
  return {
    facilityIds: await facilityIds(manager),
    cashAccountId: await ledgerAccountId(manager, 'CASH', cashOwnerId),
  };
}

async function insertMissing(
  manager: EntityManager,
  city: City,
  elders: readonly DemoElder[],
  firstId: number,
): Promise<number> {
  // Two servers that start together seed one after the other, and the second finds the elders there.
  await manager.query(`SELECT id FROM facility WHERE code = ?${forUpdate(manager)}`, [rootCode]);
  const present = await elderIds(manager, elders);
  const missing = elders.filter(({ idNumber }) => !present.has(idNumber));
  if (missing.length === 0) return 0;
  await insertElders(manager, city, missing);
  const ids = await elderIds(manager, missing);
  const people = missing.map((elder) => ({ ...elder, id: ids.get(elder.idNumber) as number }));
  await insertCards(manager, people);
  await insertTopUps(manager, city, people, firstId);
  return missing.length;
}

async function elderIds(
  manager: EntityManager,
  elders: readonly { idNumber: string }[],
): Promise<Map<string, number>> {
  const cipher = cipherOf(manager);
  const idNumbers = new Map(elders.map(({ idNumber }) => [idNumberHash(cipher, idNumber), idNumber]));
  const rows: { id: number; idNumberHash: string }[] = await manager.query(
    `SELECT id, idNumberHash FROM elder WHERE idNumberHash IN (${placeholders(elders)})`,
    [...idNumbers.keys()],
  );
  return new Map(rows.map((row) => [idNumbers.get(row.idNumberHash) as string, row.id]));
}

async function insertElders(manager: EntityManager, city: City, elders: readonly DemoElder[]): Promise<void> {
  const cipher = cipherOf(manager);
  await insertRows(
    manager,
    'elder',
    [
      'name',
      'idNumberSealed',
      'idNumberHash',
      'birthDate',
      'abilityLevel',
      'abilityExpiresOn',
      'homeStationId',
      'status',
      'registeredOn',
    ],
    elders.map(({ idNumber, ...elder }) => [
      elder.name,
      ...sealedColumnsOf(cipher, idNumber),
      elder.birthDate,
      elder.abilityLevel,
      elder.abilityExpiresOn,
      idOf(city.facilityIds, elder.homeStationCode),
      'ACTIVE',
      elder.registeredOn,
    ]),
  );
}

function sealedColumnsOf(cipher: FieldCipher, idNumber: string): [sealed: string, hash: string] {
  const sealed = sealIdentity(cipher, { idNumber, phone: null, address: null });
  return [sealed.idNumberSealed, sealed.idNumberHash];
}

const categoriesPerStatement = 500;

type Person = DemoElder & { id: number };

/** What hangs on an elder: categories, the card, and the account with the money that is about to be posted. */
async function insertCards(manager: EntityManager, people: readonly Person[]): Promise<void> {
  const categories = people.flatMap(({ id, categories }) => categories.map((category) => [id, category]));
  // Their number differs from chunk to chunk, and the driver keeps each statement that it has not seen before:
  // in one piece they would be hundreds of large ones.
  for (let start = 0; start < categories.length; start += categoriesPerStatement) {
    const part = categories.slice(start, start + categoriesPerStatement);
    await insertRows(manager, 'elder_category', ['elderId', 'category'], part);
  }
  await insertRows(
    manager,
    'meal_card',
    ['uid', 'elderId', 'activeElderId', 'status', 'issuedOn'],
    people.map(({ id, cardUid, registeredOn }) => [cardUid, id, id, 'ACTIVE', registeredOn]),
  );
  await insertRows(
    manager,
    'ledger_account',
    ['kind', 'ownerId', 'balanceFen'],
    people.map(({ id, topUp }) => ['ELDER', id, topUp.fen]),
  );
}

async function insertTopUps(
  manager: EntityManager,
  { cashAccountId }: City,
  people: readonly Person[],
  firstId: number,
): Promise<void> {
  const owners = people.map(({ id }) => id);
  const cards = await idsByOwner(
    manager,
    `SELECT activeElderId AS owner, id FROM meal_card WHERE activeElderId IN (${placeholders(owners)})`,
    owners,
  );
  const accounts = await idsByOwner(
    manager,
    `SELECT ownerId AS owner, id FROM ledger_account
      WHERE kind = 'ELDER' AND ownerId IN (${placeholders(owners)})`,
    owners,
  );
  const topUps = people.map(({ id, topUp }, index) => ({
    ...topUp,
    id: firstId + index * 2,
    cardId: cards.get(id) as number,
    accountId: accounts.get(id) as number,
  }));
  await insertRows(
    manager,
    'top_up',
    ['id', 'requestId', 'cardId', 'fen', 'at'],
    topUps.map(({ id, requestId, cardId, fen, at }) => [id, requestId, cardId, fen, at.getTime()]),
  );
  const postings = topUps.map(
    ({ id, accountId, fen, at }): Posting => ({
      id: id + 1,
      kind: 'TOP_UP',
      sourceId: id,
      at,
      entries: [
        { accountId, fen },
        { accountId: cashAccountId, fen: -fen },
      ],
    }),
  );
  await writeTogether(manager, postingInserts(postings));
}

async function idsByOwner(
  manager: EntityManager,
  sql: string,
  owners: readonly number[],
): Promise<Map<number, number>> {
  const rows: { owner: number; id: number }[] = await manager.query(sql, [...owners]);
  return new Map(rows.map(({ owner, id }) => [owner, id]));
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}

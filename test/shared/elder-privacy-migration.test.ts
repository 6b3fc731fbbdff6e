import { existsSync, readFileSync } from 'node:fs';
import { DataSource } from 'typeorm';
import { afterEach, expect, it } from 'vitest';
import { NetworkEldersMealsAccess1763800000000 } from '../../migrations/1763800000000-network-elders-meals-access.js';
import { dataSourceOptions, openDatabase } from '../../ormconfig.js';
import { sealIdentity } from '../../src/elders/sealed-fields.js';
import { openIdentity } from '../../src/elders/shown-identities.js';
import { FieldCipher } from '../../src/shared/field-cipher.js';
import { migrate } from '../../src/shared/migrate.js';
import { insertRows } from '../../src/shared/statements.js';
import { expectAuditClean } from '../support/audited.js';
import { emptyDatabase, engine } from '../support/test-database.js';
import { testKeys, testKeysOf } from '../support/test-keys.js';
import { newIdNumber } from '../support/two-counties.js';

const cleanUps: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

const birthDate = '1950-01-01';

/** A database of the first version, in which the ID numbers of so many elders stand in plain text. */
async function plainDatabase(count: number) {
  const { url, drop } = await emptyDatabase();
  cleanUps.push(drop);
  const migrations = [NetworkEldersMealsAccess1763800000000];
  const old = await new DataSource({ ...dataSourceOptions(url), migrations }).initialize();
  await old.runMigrations();
  const idNumbers = Array.from({ length: count }, () => newIdNumber(birthDate));
  await old.transaction((manager) =>
    insertRows(
      manager,
      'elder',
      ['name', 'idNumber', 'birthDate', 'status', 'registeredOn'],
      idNumbers.map((idNumber) => ['王小明', idNumber, birthDate, 'ACTIVE', '2026-01-01']),
    ),
  );
  return { url, old, idNumbers };
}

async function open(url: string, identityKeys = testKeys) {
  const opened = await openDatabase(url, { identityKeys });
  cleanUps.push(() => opened.database.close());
  return opened;
}

async function storedNumbers({ database }: Awaited<ReturnType<typeof open>>): Promise<(string | null)[]> {
  return database.read(async (manager) => {
    const rows = await manager.query(
      'SELECT idNumberSealed, phoneSealed, addressSealed FROM elder ORDER BY id',
    );
    return rows.map((row: Parameters<typeof openIdentity>[1]) => openIdentity(manager, row).idNumber);
  });
}

const columnsOf = async (writer: DataSource) => {
  const runner = writer.createQueryRunner();
  try {
    return (await runner.getTable('elder'))?.columns.map(({ name }) => name) ?? [];
  } finally {
    await runner.release();
  }
};

it('moves every ID number over, and takes the plain column away', async () => {
  const { url, old, idNumbers } = await plainDatabase(2500);
  await old.destroy();
  const opened = await open(url);
  await migrate(opened.writer);
  expect(await columnsOf(opened.writer)).not.toContain('idNumber');
  expect(await storedNumbers(opened)).toEqual(idNumbers);
  await expectAuditClean(opened.database);
});

it('goes on where a killed server stopped, and encrypts nothing twice', async () => {
  const { url, old, idNumbers } = await plainDatabase(10);
  const { idNumberSealed, idNumberHash } = sealIdentity(new FieldCipher(testKeys), {
    idNumber: idNumbers[0] as string,
    phone: null,
    address: null,
  });
  // As MySQL would keep it, where each step is committed by itself.
  await old.query('ALTER TABLE elder ADD COLUMN idNumberSealed varchar(100) NULL');
  await old.query('ALTER TABLE elder ADD COLUMN idNumberHash varchar(64) NULL');
  await old.query('UPDATE elder SET idNumberSealed = ?, idNumberHash = ? WHERE id = 1', [
    idNumberSealed,
    idNumberHash,
  ]);
  await old.destroy();
  const opened = await open(url);
  await migrate(opened.writer);
  expect(await storedNumbers(opened)).toEqual(idNumbers);
  const [first] = await opened.writer.query('SELECT idNumberSealed FROM elder WHERE id = 1');
  expect(first.idNumberSealed).toBe(idNumberSealed);
  await expectAuditClean(opened.database);
});

it('refuses without keys, and leaves the plain column as it was', async () => {
  const { url, old, idNumbers } = await plainDatabase(3);
  await old.destroy();
  const { database, writer } = await openDatabase(url);
  cleanUps.push(() => database.close());
  await expect(migrate(writer)).rejects.toThrow('the identity keys are needed');
  const rows = await writer.query('SELECT idNumber FROM elder ORDER BY id');
  expect(rows).toEqual(idNumbers.map((idNumber) => ({ idNumber })));
});

/** The file, and the log beside it. */
function onDisk(url: string): Buffer {
  return Buffer.concat([url, `${url}-wal`].filter(existsSync).map((path) => readFileSync(path)));
}

it('leaves nothing to read on the disk', async () => {
  if (engine !== 'sqlite') return;
  const { url, old, idNumbers } = await plainDatabase(3000);
  await old.destroy();
  expect(onDisk(url).includes(idNumbers[0] as string)).toBe(true);
  const { database, writer } = await openDatabase(url, { identityKeys: testKeys });
  await migrate(writer);
  await database.close();
  const bytes = onDisk(url);
  expect(idNumbers.filter((idNumber) => bytes.includes(idNumber))).toEqual([]);
});

it('can be taken back, with every number in plain text again', async () => {
  const { url, old, idNumbers } = await plainDatabase(4);
  await old.destroy();
  const opened = await open(url);
  await migrate(opened.writer);
  const { name } = opened.writer.migrations.at(-1) ?? {};
  while ((await columnsOf(opened.writer)).includes('idNumberSealed')) await opened.writer.undoLastMigration();
  const rows = await opened.writer.query('SELECT idNumber FROM elder ORDER BY id');
  expect(rows).toEqual(idNumbers.map((idNumber) => ({ idNumber })));
  expect(name).toBeDefined();
});

it.each([
  [
    'another lookup key',
    { ...testKeys, lookupKey: Buffer.alloc(32, 1) },
    'IDENTITY_LOOKUP_KEY is not the key',
  ],
  [
    'another key of the same name',
    { ...testKeys, keys: [{ id: 'k1', secret: Buffer.alloc(32, 1) }] },
    'Key k1 of IDENTITY_KEYS is not',
  ],
  ['a key missing that is in use', testKeysOf('k2'), 'IDENTITY_KEYS lacks key k1'],
])('a database is not opened with %s', async (_what, keys, message) => {
  const { url, drop } = await emptyDatabase();
  cleanUps.push(drop);
  await migrate((await open(url)).writer);
  await expect(migrate((await open(url, keys)).writer)).rejects.toThrow(message);
  // Those that are right still are, and a new one beside them.
  await migrate((await open(url, testKeysOf('k2', 'k1'))).writer);
});

import { expect, it } from 'vitest';
import { openAccount } from '../../src/access/open-account.js';
import { migrate } from '../../src/shared/migrate.js';
import { openTestDatabase } from '../support/test-database.js';
import { buildTown } from '../support/town.js';

it('grants of before people could sign in keep their rows, there and back', async () => {
  const { database, writer, drop } = await openTestDatabase();
  const town = await buildTown(database);
  const now = new Date('2026-03-10T12:00:00+08:00');
  await database.write(async (manager) => {
    await openAccount(manager, { name: '管理员', role: 'ADMIN', facilityId: null, now });
    await openAccount(manager, { name: '读卡器', role: 'READER', facilityId: town.canteenIds[0], now });
    await openAccount(manager, { name: '前台', role: 'STAFF', facilityId: town.streetId, now });
  });
  const grants = () =>
    writer.query('SELECT id, accountId, role, facilityId, fromAt, untilAt FROM access_grant ORDER BY id');
  const before: { role: string }[] = await grants();
  expect(before.map(({ role }) => role)).toEqual(['ADMIN', 'READER', 'STAFF']);
  const done = async () => {
    const rows: { name: string }[] = await writer.query('SELECT name FROM migrations');
    return rows.some(({ name }) => name === 'StaffSessions1764000100000');
  };
  while (await done()) await writer.undoLastMigration();
  // The role that there was not is gone; the others are as they were.
  expect(await grants()).toEqual(before.slice(0, 2));
  await migrate(writer);
  expect(await grants()).toEqual(before.slice(0, 2));
  await drop();
});

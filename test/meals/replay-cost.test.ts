import { expect, it } from 'vitest';
import { readSwipes } from '../../src/meals/swipe-receipt.js';
import { intakeOf, tap } from '../support/taps.js';
import { engine, openTestDatabase } from '../support/test-database.js';
import { addDiner, buildTown } from '../support/town.js';

it('replays read their own rows, however many swipes were funded before', async () => {
  const open = await openTestDatabase();
  const town = await buildTown(open.database);
  const intake = intakeOf(town);
  const diners = await Promise.all(Array.from({ length: 300 }, () => addDiner(town)));
  const requests = diners.map(({ uid }) => tap(town, { cardUid: uid }));
  await intake.recordAll(requests);
  const ids = requests.slice(0, 10).map(({ command }) => command.swipeId);

  const rowsRead = await open.database.write(async (manager) => {
    if (engine === 'mysql') await manager.query('FLUSH STATUS');
    const found = await readSwipes(manager, ids);
    expect([...found.values()].map(({ answer }) => answer.receipt?.funding)).toEqual(
      ids.map(() => [{ funder: '市民政局', fen: 300 }]),
    );
    if (engine !== 'mysql') return 0;
    const status: { Value: string }[] = await manager.query(
      "SHOW SESSION STATUS WHERE Variable_name LIKE 'Handler_read%'",
    );
    return status.reduce((total, { Value }) => total + Number(Value), 0);
  });
  // Ten swipes with a posting, three entries, their accounts and a funder each; a scan would read thousands.
  expect(rowsRead).toBeLessThan(400);
  await open.drop();
});

import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { SubsidyRule } from '../../entities/index.js';
import { type CardReader, CardReaders } from '../support/card-reader.js';
import { type ListeningServer, startListeningServer } from '../support/listening-server.js';
import { addDiner, buildTown, noon, type Town } from '../support/town.js';

/** 2 yuan for one meal a day, beside the town's 3 yuan for a lunch. */
const onceADay = {
  format: 1,
  name: { zh: '每日一餐', en: 'One meal a day' },
  alongside: 'ADD',
  groups: [
    {
      code: 'DAY',
      name: { zh: '每日', en: 'daily' },
      pick: 'ONE',
      rules: [
        {
          code: 'ANY',
          name: { zh: '任一餐', en: 'any meal' },
          gives: { kind: 'AMOUNT', fen: 200, ifBillIsLess: 'PAY_THE_BILL' },
          caps: [{ per: 'DAY', times: 1 }],
          borneBy: [{ funder: 'BUREAU', rest: true }],
        },
      ],
    },
  ],
};

let server: ListeningServer;
let town: Town;
let readers: CardReaders;

beforeAll(async () => {
  server = await startListeningServer({
    at: noon,
    settings: { snapshotRefreshSeconds: 0, callerRatePerSecond: 0 },
  });
  town = await buildTown(server.database);
  await server.database.write((manager) =>
    manager.insert(SubsidyRule, {
      code: 'ONCE-A-DAY',
      version: 1,
      facilityId: town.cityId,
      fromDay: '2026-01-01',
      toDay: null,
      status: 'APPROVED',
      document: JSON.stringify(onceADay),
      proposedAt: noon,
      decidedAt: noon,
    }),
  );
});
afterAll(() => server.close());

beforeEach(async () => {
  server.clock.set(noon, 1);
  readers = await CardReaders.open(server.port, await server.readerToken(town.canteenIds[0]));
});
afterEach(() => readers.close());

/** The same reader at dinner, without a network since the list of noon. */
async function atDinner(lunch: CardReader, path: string): Promise<CardReader> {
  await readers.stop(lunch);
  readers.cable.set('UNPLUGGED');
  const later = readers.start(path, { clock: { now: () => new Date(Date.now() + 5 * 3_600_000) } });
  await later.until('OFFLINE_TRUSTED');
  return later;
}

it('a meal that the server took after the list was made counts towards caps offline', async () => {
  const diner = await addDiner(town);
  const path = readers.newPath();
  const started = await readers.ready(path);
  expect(await started.tap(diner.uid)).toMatchObject({ by: 'SERVER', receipt: { selfPaidFen: 700 } });
  const dinner = await (await atDinner(started, path)).tap(diner.uid);
  expect(dinner).toMatchObject({ verdict: 'TAKEN', by: 'READER', receipt: { selfPaidFen: 1200 } });
});

it('a meal that is given out although it was refused has been had, and rules gave it nothing', async () => {
  const [before, poor] = [await addDiner(town), await addDiner(town, { balanceFen: 0 })];
  const path = readers.newPath();
  const started = await readers.ready(path);
  readers.cable.set('UNPLUGGED');
  await started.tap(before.uid);
  await started.until('OFFLINE_TRUSTED');
  const refused = await started.tap(poor.uid);
  expect(refused).toMatchObject({ verdict: 'REFUSED', code: 'INSUFFICIENT_BALANCE' });
  expect(await started.reader.giveAnyway(refused)).toMatchObject({ verdict: 'STORED' });
  await readers.stop(started);
  const clock = { now: () => new Date(Date.now() + 60_000) };
  const again = readers.start(path, { clock });
  await again.until('OFFLINE_TRUSTED');
  expect(await again.tap(poor.uid)).toMatchObject({ verdict: 'REFUSED', code: 'MEAL_ALREADY_TAKEN' });
  // A dinner for 2 yuan costs nothing, because no lunch has used up what there is for a day.
  const dinner = await atDinner(again, path);
  expect(await dinner.tap(poor.uid, 200)).toMatchObject({ verdict: 'TAKEN', receipt: { selfPaidFen: 0 } });
});

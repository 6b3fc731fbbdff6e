import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Elder } from '../../entities/index.js';
import { type ElderEnding, endElder } from '../../src/elders/end-elder.js';
import type { Scope } from '../../src/network/scope.js';
import { isRefusal } from '../../src/shared/refusal.js';
import { expectAuditClean } from '../support/audited.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { addDiner, today } from '../support/town.js';
import { buildTwoCounties, type TwoCounties } from '../support/two-counties.js';

let open: TestDatabase;
let town: TwoCounties;
let elderId: number;

beforeAll(async () => {
  open = await openTestDatabase();
  town = await buildTwoCounties(open.database);
});
beforeEach(async () => {
  // Registered on 1 January 2020.
  ({ elderId } = await addDiner(town, { balanceFen: 0 }));
});
afterAll(async () => {
  await expectAuditClean(open.database);
  await open.drop();
});

const end = (on: string, status: ElderEnding = 'DECEASED', scope: Scope = 'everywhere', id = elderId) =>
  open.database.write((manager) => endElder(manager, { elderId: id, status, on }, scope, today));

const stored = () =>
  open.database.read((manager) => manager.findOneByOrFail(Elder, { id: elderId })) as Promise<Elder>;

describe('ending a file', () => {
  it.each(['DECEASED', 'MOVED_AWAY', 'CLOSED'] as const)(
    'as %s keeps the status and the day',
    async (status) => {
      const ended = await end('2026-03-09', status, [town.stationId]);
      expect(ended).toMatchObject({ id: elderId, status, endedOn: '2026-03-09' });
      expect(await stored()).toEqual(ended);
    },
  );

  it.each(['2020-01-01', today])('on the first or the last possible day, %s', async (on) => {
    expect(await end(on)).toMatchObject({ endedOn: on });
  });

  it.each(['2019-12-31', '2026-03-11'])('on %s is refused', async (on) => {
    expect(await end(on)).toMatchObject({ refused: 'DAY_OUT_OF_RANGE', field: ['on'] });
    expect(await stored()).toMatchObject({ status: 'ACTIVE', endedOn: null });
  });

  it('happens once', async () => {
    await end('2026-03-01', 'MOVED_AWAY');
    expect(await end('2026-03-02', 'DECEASED')).toMatchObject({
      refused: 'ELDER_NOT_ACTIVE',
      field: ['elderId'],
    });
    expect(await stored()).toMatchObject({ status: 'MOVED_AWAY', endedOn: '2026-03-01' });
  });

  it('happens once at ten counters at once', async () => {
    const results = await Promise.all(Array.from({ length: 10 }, () => end(today)));
    const refused = results.filter(isRefusal).map((refusal) => refusal.refused);
    expect(refused).toEqual(Array(9).fill('ELDER_NOT_ACTIVE'));
  });

  it('out of scope is refused as for nobody', async () => {
    const unknown = await end(today, 'DECEASED', 'everywhere', 999_999);
    expect(unknown).toMatchObject({ refused: 'ELDER_UNKNOWN', field: ['elderId'] });
    expect(await end(today, 'DECEASED', [town.otherCountyId])).toEqual(unknown);
    // The other refusals would tell that there is such an elder.
    expect(await end('2019-12-31', 'DECEASED', [town.otherCountyId])).toEqual(unknown);
    expect(await stored()).toMatchObject({ status: 'ACTIVE' });
  });
});

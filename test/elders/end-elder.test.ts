import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Elder } from '../../entities/index.js';
import { type ElderEnding, endElder } from '../../src/elders/end-elder.js';
import { reopenElder } from '../../src/elders/reopen-elder.js';
import type { Scope } from '../../src/network/scope.js';
import { isRefusal } from '../../src/shared/refusal.js';
import { expectAuditClean } from '../support/audited.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { addDiner, noon, today } from '../support/town.js';
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

describe('taking an end back', () => {
  const reopen = (scope: Scope = 'everywhere', id = elderId) =>
    open.database.write((manager) => reopenElder(manager, id, scope, today));

  const erased = (atMs: number | null) =>
    open.database.write((manager) =>
      manager.query('UPDATE elder SET erasedAt = ? WHERE id = ?', [atMs, elderId]),
    );

  it('leaves a file in use, which may end again on another day', async () => {
    await end('2026-03-09', 'MOVED_AWAY');
    expect(await reopen([town.stationId])).toMatchObject({ id: elderId, status: 'ACTIVE', endedOn: null });
    expect(await stored()).toMatchObject({ status: 'ACTIVE', endedOn: null });
    expect(await end('2026-03-05')).toMatchObject({ status: 'DECEASED', endedOn: '2026-03-05' });
  });

  it('is refused where there is none, or the person was erased', async () => {
    const field = ['elderId'];
    expect(await reopen()).toMatchObject({ refused: 'ELDER_NOT_ENDED', field });
    await end('2026-03-09', 'CLOSED');
    await erased(noon.getTime());
    expect(await reopen()).toMatchObject({ refused: 'ELDER_ERASED', field });
    await erased(null);
  });

  it('out of scope is refused as for nobody', async () => {
    await end('2026-03-09');
    const unknown = await reopen('everywhere', 999_999);
    expect(unknown).toMatchObject({ refused: 'ELDER_UNKNOWN', field: ['elderId'] });
    expect(await reopen([town.otherCountyId])).toEqual(unknown);
    expect(await stored()).toMatchObject({ status: 'DECEASED' });
  });

  it('happens once at ten counters at once', async () => {
    await end('2026-03-09');
    const results = await Promise.all(Array.from({ length: 10 }, () => reopen()));
    expect(results.filter(isRefusal).map(({ refused }) => refused)).toEqual(Array(9).fill('ELDER_NOT_ENDED'));
  });
});

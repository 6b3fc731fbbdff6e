import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Elder, Facility, FacilityPlacement, MealCard } from '../../entities/index.js';
import {
  closeSwipeTown,
  diner,
  intake,
  money,
  newDiner,
  open,
  snapshot,
  startSwipeTown,
  town,
} from '../support/swipe-town.js';
import { intakeOf, tap } from '../support/taps.js';
import { addDiner, noon } from '../support/town.js';

beforeAll(startSwipeTown);
beforeEach(newDiner);
afterAll(closeSwipeTown);

describe('a refused swipe', () => {
  it.each([
    ['CARD_UNKNOWN', { cardUid: 'FFFFFFF0' }],
    ['PRICE_OUT_OF_RANGE', { grossFen: 3001 }],
    ['PRICE_OUT_OF_RANGE', { grossFen: Number.MAX_SAFE_INTEGER }],
    ['CLOCK_OUT_OF_RANGE', { swipedAt: new Date('2026-03-11T12:00:00+08:00') }],
    ['CLOCK_OUT_OF_RANGE', { swipedAt: new Date('0000-01-01T00:00:00Z') }],
    ['CLOCK_OUT_OF_RANGE', { swipedAt: new Date('9999-12-31T23:59:59Z') }],
    ['MEAL_NOT_SERVED', { swipedAt: new Date('2026-03-10T12:00:00+08:00') }],
  ] as const)('%s (%j) records no meal and moves no money', async (outcome, change) => {
    const shut = outcome === 'MEAL_NOT_SERVED';
    if (shut) await clearWindows(town.canteenIds[1]);
    const before = await money();
    const request = tap(town, { cardUid: diner.uid, ...change }, { canteen: shut ? 1 : 0 });
    expect(await intake.record(request)).toMatchObject({ outcome, receipt: null });
    expect(await money()).toEqual(before);
    expect(await intake.record(request)).toMatchObject({ outcome, replayed: true });
    if (shut) await restoreWindows(town.canteenIds[1]);
  });

  it.each([
    ['swipeId', { swipeId: 'x' }],
    ['sequence', { sequence: -1 }],
    ['cardUid', { cardUid: 'F'.repeat(5000) }],
  ] as const)('INPUT_MALFORMED names %s and leaves no trace', async (field, change) => {
    const before = await snapshot();
    const answer = await intake.record(tap(town, { cardUid: diner.uid, ...change }));
    expect(answer).toMatchObject({ outcome: 'INPUT_MALFORMED', field, receipt: null });
    expect(await snapshot()).toEqual(before);
  });

  it.each([
    ['CARD_UNKNOWN', 'cardUid', { cardUid: 'no uid' }],
    ['PRICE_OUT_OF_RANGE', 'grossFen', { grossFen: 0 }],
    ['PRICE_OUT_OF_RANGE', 'grossFen', { grossFen: -1200 }],
    ['PRICE_OUT_OF_RANGE', 'grossFen', { grossFen: Number.MIN_SAFE_INTEGER, offline: true }],
  ] as const)('%s for the input alone (%s, %j) leaves no trace', async (outcome, field, change) => {
    const before = await snapshot();
    const request = tap(town, { cardUid: diner.uid, ...change });
    expect(await intake.record(request)).toMatchObject({ outcome, field, receipt: null });
    expect(await snapshot()).toEqual(before);
  });

  it('MEAL_NOT_SERVED at a canteen that was never configured, and its neighbours are recorded', async () => {
    const bare = await open.database.write(async (manager) => {
      const opened = { name: 'bare', kind: 'ELDER_CANTEEN' as const, divisionCode: '411302001003' };
      const facility = { ...opened, code: 'BARE', openedOn: '2020-01-01', closedOn: null };
      const { id } = await manager.save(manager.create(Facility, facility));
      await manager.insert(FacilityPlacement, {
        facilityId: id,
        parentId: town.streetId,
        fromDay: '2020-01-01',
        toDay: null,
      });
      return id;
    });
    const request = { ...tap(town, { cardUid: diner.uid }), canteenId: bare };
    const sizes: number[] = [];
    const together = intakeOf(town, { onBatch: (answers) => sizes.push(answers.length) });
    const answers = await Promise.all([
      together.record(request),
      together.record(tap(town, { cardUid: diner.uid })),
    ]);
    expect(answers.map(({ outcome }) => outcome)).toEqual(['MEAL_NOT_SERVED', 'ACCEPTED']);
    expect(sizes).toEqual([2]);
  });

  it('CARD_NOT_ACTIVE for a lost card, ELDER_NOT_ACTIVE for the dead', async () => {
    await open.database.write((manager) =>
      manager.update(MealCard, { uid: diner.uid }, { status: 'LOST', activeElderId: null, stoppedAt: noon }),
    );
    expect((await intake.record(tap(town, { cardUid: diner.uid }))).outcome).toBe('CARD_NOT_ACTIVE');
    const other = await addDiner(town);
    await open.database.write((manager) =>
      manager.update(Elder, { id: other.elderId }, { status: 'DECEASED', endedOn: '2026-03-01' }),
    );
    expect((await intake.record(tap(town, { cardUid: other.uid }))).outcome).toBe('ELDER_NOT_ACTIVE');
  });
});

async function clearWindows(canteenId: number) {
  await open.database.write((manager) =>
    manager.query('UPDATE meal_window SET fromMinute = 0, toMinute = 1 WHERE canteenId = ? AND meal = ?', [
      canteenId,
      'LUNCH',
    ]),
  );
}

async function restoreWindows(canteenId: number) {
  await open.database.write((manager) =>
    manager.query(
      'UPDATE meal_window SET fromMinute = 630, toMinute = 810 WHERE canteenId = ? AND meal = ?',
      [canteenId, 'LUNCH'],
    ),
  );
}

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PhotosProveOnce1764101900000 } from '../../migrations/index.js';
import { canteenDay } from '../../src/meals/canteen-day.js';
import { deliveriesOf, deliveryLookIns } from '../../src/meals/deliveries/find-deliveries.js';
import type { Delivery } from '../../src/meals/deliveries/read-deliveries.js';
import { voidSwipe } from '../../src/meals/void-swipe.js';
import { expectAuditClean } from '../support/audited.js';
import { addEntitled, offerDeliveries, orderedOne } from '../support/deliveries.js';
import { codeOf, type DeliverySteps, deliverySteps, fieldOf } from '../support/delivery-steps.js';
import { intakeOf, tap } from '../support/taps.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { balanceOf, buildTown, countRows, noon, type Town, today, topUp } from '../support/town.js';

let open: TestDatabase;
let town: Town;
let steps: DeliverySteps;

beforeAll(async () => {
  open = await openTestDatabase();
  town = await buildTown(open.database);
  await offerDeliveries(town, { placeId: town.cityId, canteenId: town.canteenIds[0] });
  steps = await deliverySteps(town);
});
afterAll(async () => {
  await expectAuditClean(open.database);
  await open.drop();
});

const postings = () => countRows(open, 'ledger_posting');

describe('handing over', () => {
  it('is charged as the same meal on a reader is', async () => {
    const { id, elderId, code } = await steps.underWay();
    const result = (await steps.handedOver(id, { code })) as Delivery;
    expect(result).toMatchObject({
      state: 'HANDED_OVER',
      proof: 'CODE',
      photoReference: null,
      endedAt: noon,
    });
    const other = await addEntitled(town);
    const swipe = await intakeOf(town).record(tap(town, { cardUid: other.uid, mode: 'DELIVERY' }));
    expect(swipe.outcome).toBe('ACCEPTED');
    expect(await entriesOf(result.swipeId ?? '')).toEqual(await entriesOf(swipe.swipeId));
    expect(await balanceOf(town, elderId)).toBe(await balanceOf(town, other.elderId));
    const figures = await open.database.read((manager) =>
      canteenDay(manager, { canteenId: town.canteenIds[0], date: today }, 'everywhere', today),
    );
    const meals = await countRows(open, "swipe WHERE mode = 'DELIVERY' AND meal IS NOT NULL");
    expect(figures).toMatchObject({ deliveries: meals, missing: 0 });
  });

  it('counts as the meal of the day, at every canteen', async () => {
    const { id, uid, code } = await steps.underWay();
    await steps.handedOver(id, { code });
    const swipe = await intakeOf(town).record(tap(town, { cardUid: uid }, { canteen: 1 }));
    expect(swipe.outcome).toBe('MEAL_ALREADY_TAKEN');
    const eaten = await steps.underWay();
    await intakeOf(town).record(tap(town, { cardUid: eaten.uid }, { canteen: 1 }));
    const refused = await steps.handedOver(eaten.id, { code: eaten.code });
    expect(refused).toMatchObject({ refused: 'MEAL_REFUSED', message: { zh: '本餐今日已用' } });
  });

  it('and a tap at another canteen at once are one meal', async () => {
    const { id, uid, elderId, code } = await steps.underWay();
    const [brought, tapped] = await Promise.all([
      steps.handedOver(id, { code }),
      intakeOf(town).record(tap(town, { cardUid: uid }, { canteen: 1 })),
    ]);
    const told = [codeOf(brought), tapped.outcome];
    expect([
      ['done', 'MEAL_ALREADY_TAKEN'],
      ['MEAL_REFUSED', 'ACCEPTED'],
    ]).toContainEqual(told);
    expect(await balanceOf(town, elderId)).toBe(10_000 - 900);
  });

  it('after the window is still the meal that was ordered, on its day', async () => {
    const late = await steps.underWay();
    const at = new Date('2026-03-10T17:00:00+08:00');
    const result = (await steps.handedOver(late.id, { code: late.code, at })) as Delivery;
    const [row] = await open.database.read((manager) =>
      manager.query('SELECT meal, subsidyFen FROM swipe WHERE swipeId = ?', [result.swipeId]),
    );
    expect([row.meal, Number(row.subsidyFen)]).toEqual(['LUNCH', 300]);
    const next = await steps.underWay();
    const tomorrow = new Date('2026-03-11T12:00:00+08:00');
    expect(codeOf(await steps.handedOver(next.id, { code: next.code, at: tomorrow }))).toBe('NOT_ITS_DAY');
  });

  it('is not done when the elder cannot pay, and is once there is money', async () => {
    const { id, uid, elderId, code } = await steps.underWay(100);
    const before = await postings();
    const refused = await steps.handedOver(id, { code });
    expect(refused).toMatchObject({ refused: 'MEAL_REFUSED', message: { en: 'The balance is too low' } });
    expect([await postings(), await balanceOf(town, elderId)]).toEqual([before, 100]);
    await topUp(town, uid, 2000);
    expect(await steps.handedOver(id, { code })).toMatchObject({ state: 'HANDED_OVER' });
  });

  it('needs the elder’s code, five tries at most, or a photo', async () => {
    const { id, code } = await steps.underWay();
    const wrong = code === '0000' ? '0001' : '0000';
    expect(codeOf(await steps.handedOver(id, { code, photoReference: 'photo-0001' }))).toBe('PROOF_INVALID');
    for (let index = 0; index < 5; index++)
      expect(codeOf(await steps.handedOver(id, { code: wrong }))).toBe('CODE_WRONG');
    expect(codeOf(await steps.handedOver(id, { code }))).toBe('CODE_LOCKED');
    expect(await steps.handedOver(id, { photoReference: 'day/2026-03-10/a1.jpg' })).toMatchObject({
      proof: 'PHOTO',
    });
  });

  it('a photo proves one meal, whoever names it again and in whatever capitals', async () => {
    const [one, other] = [await steps.underWay(), await steps.underWay()];
    const requestId = randomUUID();
    const given = { photoReference: 'day/Door-17.jpg', requestId };
    const first = await steps.handedOver(one.id, given);
    expect(first).toMatchObject({ state: 'HANDED_OVER', photoReference: 'day/Door-17.jpg' });
    expect(await steps.handedOver(one.id, given)).toEqual(first);
    const before = await postings();
    const refused = await steps.handedOver(other.id, { photoReference: 'day/door-17.JPG' });
    expect([codeOf(refused), fieldOf(refused)]).toEqual(['PHOTO_REUSED', 'photoReference']);
    expect([await postings(), await balanceOf(town, other.elderId)]).toEqual([before, 10_000]);
    expect(codeOf(await steps.handedOver(other.id, { photoReference: 'day/Door-18.jpg' }))).toBe('done');
  });

  it('is done once by many at once, and answered again with its own id', async () => {
    const { id, elderId, code } = await steps.underWay();
    const results = await Promise.all([
      ...Array.from({ length: 7 }, () => steps.handedOver(id, { code })),
      steps.broughtBack(id),
    ]);
    const all = results.map(codeOf);
    expect(all.filter((each) => each === 'done')).toHaveLength(1);
    const meals = await countRows(open, `swipe WHERE elderId = ${elderId} AND meal IS NOT NULL`);
    const wasHandedOver = all.slice(0, -1).includes('done');
    expect(meals).toBe(wasHandedOver ? 1 : 0);
    const again = await steps.underWay();
    const ownId = randomUUID();
    const answer = await steps.handedOver(again.id, { code: again.code, requestId: ownId });
    const replayed = await steps.handedOver(again.id, { code: again.code, requestId: ownId });
    expect(replayed).toEqual(answer);
    expect(codeOf(await steps.handedOver(again.id, { photoReference: 'photo-0001', requestId: ownId }))).toBe(
      'REQUEST_ID_REUSED',
    );
    expect(codeOf(await steps.handedOver(again.id, { code: again.code }))).toBe('WRONG_STATE');
  });

  it('with a card lost, or to another’s, is refused', async () => {
    const { id, elderId, code } = await steps.underWay();
    const other = { ...steps.ofCourier, own: { accountId: town.managerId, canteens: [town.cityId] } };
    expect(codeOf(await steps.handedOver(id, { code }, other))).toBe('DELIVERY_UNKNOWN');
    const gone = { ...steps.ofCourier, own: { accountId: steps.courierId, canteens: [town.canteenIds[1]] } };
    expect(codeOf(await steps.handedOver(id, { code }, gone))).toBe('DELIVERY_UNKNOWN');
    await open.database.write((manager) =>
      manager.query(
        "UPDATE meal_card SET status = 'LOST', activeElderId = NULL, stoppedAt = 0 WHERE elderId = ?",
        [elderId],
      ),
    );
    expect(codeOf(await steps.handedOver(id, { code }))).toBe('CARD_MISSING');
  });

  it('is taken back by a void, and stays handed over', async () => {
    const { id, elderId, code } = await steps.underWay();
    const { swipeId } = (await steps.handedOver(id, { code })) as Delivery;
    const postingId = await town.ids.take(1);
    const request = { swipeId: swipeId ?? '', reason: '送错', byId: town.managerId, now: noon, postingId };
    await open.database.write((manager) => voidSwipe(manager, request, 'everywhere'));
    expect(await balanceOf(town, elderId)).toBe(10_000);
  });
});

describe('coming back', () => {
  it('charges nothing, is answered again, and the meal may be ordered anew', async () => {
    const { id, elderId, code } = await steps.underWay();
    const before = await postings();
    const requestId = randomUUID();
    const given = { requestId, reason: 'OTHER', text: ' 电梯坏了 ' } as const;
    expect(codeOf(await steps.broughtBack(id, { reason: 'OTHER' }))).toBe('REASON_TEXT_INVALID');
    const first = await steps.broughtBack(id, given);
    expect(first).toMatchObject({
      state: 'CAME_BACK',
      reason: 'OTHER',
      reasonText: '电梯坏了',
      swipeId: null,
    });
    expect(await steps.broughtBack(id, given)).toEqual(first);
    expect(codeOf(await steps.broughtBack(id, { requestId }))).toBe('REQUEST_ID_REUSED');
    expect(codeOf(await steps.handedOver(id, { code }))).toBe('WRONG_STATE');
    expect([await postings(), await balanceOf(town, elderId)]).toEqual([before, 10_000]);
    expect((await orderedOne(town, { elderId })).id).not.toBe(id);
  });

  it('of one who lives alone and did not open, somebody is told to look in', async () => {
    const alone = await steps.underWay();
    await open.database.write((manager) =>
      manager.query("INSERT INTO elder_category (elderId, category) VALUES (?, 'LIVING_ALONE')", [
        alone.elderId,
      ]),
    );
    await steps.broughtBack(alone.id);
    const page = { afterId: 0, rowsMax: 10 };
    const seen = (scope: Parameters<typeof deliveryLookIns>[3]) =>
      open.database.read((manager) => deliveryLookIns(manager, today, page, scope, today));
    for (const scope of ['everywhere', [town.stationId], [town.canteenIds[0]], [town.cityId]] as const) {
      expect((await seen(scope)).map(({ id }) => id)).toEqual([alone.id]);
    }
    expect(await seen([town.canteenIds[1]])).toEqual([]);
    expect(await seen([])).toEqual([]);
    const own = await open.database.read((manager) =>
      deliveriesOf(
        manager,
        { elderId: alone.elderId, from: today, to: '2026-03-11' },
        page,
        'everywhere',
        today,
      ),
    );
    expect(own).toMatchObject([{ state: 'CAME_BACK', reason: 'NOBODY_AT_HOME' }]);
  });
});

/** What a swipe left on the accounts, by their kinds. */
async function entriesOf(swipeId: string): Promise<object[]> {
  const rows: { kind: string; fen: number | string }[] = await open.database.read((manager) =>
    manager.query(
      `SELECT a.kind, n.fen FROM swipe s JOIN ledger_posting p ON p.sourceId = s.id AND p.kind = 'SWIPE'
         JOIN ledger_entry n ON n.postingId = p.id JOIN ledger_account a ON a.id = n.accountId
        WHERE s.swipeId = ? ORDER BY n.line`,
      [swipeId],
    ),
  );
  return rows.map(({ kind, fen }) => ({ kind, fen: Number(fen) }));
}

it('of photos that proved several meals before it was asked, the first keeps its own', async () => {
  const meals = [await steps.underWay(), await steps.underWay()];
  for (const [index, { id }] of meals.entries()) {
    expect(codeOf(await steps.handedOver(id, { photoReference: `before/photo-${index}.jpg` }))).toBe('done');
  }
  const migration = new PhotosProveOnce1764101900000();
  const runner = open.writer.createQueryRunner();
  try {
    await migration.down(runner);
    await runner.query("UPDATE delivery_order SET photoReference = 'Before/Photo-0.jpg' WHERE id = ?", [
      meals[1]?.id,
    ]);
    await migration.up(runner);
    await migration.up(runner);
  } finally {
    await runner.release();
  }
  const kept: { photoReference: string; usedPhoto: string | null }[] = await open.database.read((manager) =>
    manager.query(
      "SELECT photoReference, usedPhoto FROM delivery_order WHERE LOWER(photoReference) LIKE 'before/%' ORDER BY id",
    ),
  );
  expect(kept.map(({ photoReference, usedPhoto }) => [photoReference, usedPhoto])).toEqual([
    ['before/photo-0.jpg', 'before/photo-0.jpg'],
    ['Before/Photo-0.jpg', null],
  ]);
});

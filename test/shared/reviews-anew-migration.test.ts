import { afterAll, beforeAll, expect, it } from 'vitest';
import { migrate } from '../../src/shared/migrate.js';
import { expectAuditClean } from '../support/audited.js';
import { ResidentDiners } from '../support/resident-diners.js';

let town: ResidentDiners;
/** What the bureau was decided to bear, and doubted subsidies that stand as paid, or that the canteen bears. */
const meals = { borne: '', stands: '', canteen: '' };

/** A database of the version before, in which two of the elders proved to have died before their meals. */
beforeAll(async () => {
  town = await ResidentDiners.begin();
  const diners = { borne: await town.diner(0), stands: await town.diner(), canteen: await town.diner() };
  for (const [name, { uid }] of Object.entries(diners)) {
    meals[name as keyof typeof meals] = (await town.eat(uid, 1)).swipeId;
  }
  await town.decide(meals.borne, { bornBy: 'FUNDER', funderCode: 'BUREAU' });
  await town.live(diners.stands.elderId, '2026-03-09');
  await town.decide(meals.stands, { bornBy: 'AS_PAID' });
  await town.live(diners.canteen.elderId, '2026-03-09');
  await town.decide(meals.canteen);
  const { writer } = town.open;
  for (;;) {
    const [last] = await writer.query('SELECT name FROM migrations ORDER BY timestamp DESC LIMIT 1');
    await writer.undoLastMigration();
    if (last.name === 'ReviewsAnew1764102400000') break;
  }
  await writer.query("UPDATE elder SET status = 'DECEASED', endedOn = '2026-03-08' WHERE id IN (?, ?)", [
    diners.borne.elderId,
    diners.stands.elderId,
  ]);
  await writer.query(
    `UPDATE bed_stay SET endReason = 'FILE_ENDED', endedAt = 1, toDay = fromDay, cancelledAt = 1, openBedId = NULL,
            openElderId = NULL`,
  );
  await migrate(writer);
});
afterAll(() => town.open.drop());

it('keeps every review with its decision, and opens what should have been looked at anew', async () => {
  const first = async (swipeId: string) => (await town.review(swipeId, 1))?.decision?.bornBy;
  expect([await first(meals.borne), await first(meals.stands), await first(meals.canteen)]).toEqual([
    'FUNDER',
    'AS_PAID',
    'CANTEEN',
  ]);
  const anew = { number: 2, reason: 'END_ENTERED_LATE', decision: null };
  expect(await town.review(meals.borne)).toMatchObject({ ...anew, doubtedFen: 1200 });
  expect(await town.review(meals.stands)).toMatchObject({ ...anew, doubtedFen: 200 });
  expect(await town.review(meals.canteen)).toMatchObject({ number: 1 });
});

it('leaves books that hold, in which the new reviews are decided', async () => {
  await expectAuditClean(town.open.database);
  for (const swipeId of [meals.borne, meals.stands]) {
    expect(await town.decide(swipeId)).toMatchObject({ decision: { bornBy: 'CANTEEN' } });
    expect(await town.booked(swipeId)).toMatchObject({ FUNDER: 0 });
  }
  await expectAuditClean(town.open.database);
});

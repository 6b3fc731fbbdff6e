import { afterAll, beforeAll, expect, it } from 'vitest';
import { staysInInstitutions } from '../../src/beds/stays-in-institutions.js';
import { stayKey } from '../../src/elders/institution-stays.js';
import { expectAuditClean } from '../support/audited.js';
import { statementsOf } from '../support/count-statements.js';
import { ResidentDiners } from '../support/resident-diners.js';
import { today } from '../support/town.js';

let town: ResidentDiners;
beforeAll(async () => {
  town = await ResidentDiners.begin();
});
afterAll(async () => {
  await expectAuditClean(town.open.database);
  await town.open.drop();
});

it('a resident gets no subsidy, a guest of day care and of a bed at home does', async () => {
  for (const [type, subsidyFen] of [
    ['NURSING', 0],
    ['DAY_CARE', 300],
    ['HOME', 300],
  ] as const) {
    const { elderId, uid } = await town.diner();
    await town.live(elderId, '2026-03-01', type);
    const answer = await town.eat(uid);
    expect({ type, fen: answer.receipt?.subsidyFen ?? 0 }).toEqual({ type, fen: subsidyFen });
  }
});

it('who is on leave at home gets it, and who is in hospital does not, from whichever bed', async () => {
  for (const [type, kind, subsidyFen] of [
    ['NURSING', 'HOME', 300],
    ['NURSING', 'HOSPITAL', 0],
    ['DAY_CARE', 'HOSPITAL', 0],
  ] as const) {
    const { elderId, uid } = await town.diner();
    const stay = await town.live(elderId, '2026-03-01', type);
    await town.leave(stay.id, '2026-03-09', kind);
    const answer = await town.eat(uid);
    expect({ type, kind, fen: answer.receipt?.subsidyFen ?? 0 }).toEqual({ type, kind, fen: subsidyFen });
  }
});

it('a stay that is entered late has its lunches looked at, from its first day on, and only once', async () => {
  const { elderId, uid } = await town.diner();
  for (const daysAgo of [3, 2, 1, 0])
    expect((await town.eat(uid, daysAgo)).receipt?.subsidyFen).toBeGreaterThan(0);
  const stay = await town.live(elderId, '2026-03-08');
  expect(await town.openReviewsOf(elderId)).toBe(3);
  await town.goHome(stay.id, today);
  await town.live(elderId, today);
  expect(await town.openReviewsOf(elderId)).toBe(3);
});

it('a leave in hospital from day care, and the end of one at home, that are entered late have their lunches looked at', async () => {
  const { elderId, uid } = await town.diner();
  const guest = await town.live(elderId, '2026-03-01', 'DAY_CARE');
  for (const daysAgo of [2, 1]) await town.eat(uid, daysAgo);
  await town.leave(guest.id, '2026-03-09', 'HOSPITAL');
  expect(await town.openReviewsOf(elderId)).toBe(1);

  const other = await town.diner();
  const stay = await town.live(other.elderId, '2026-03-01');
  await town.leave(stay.id, '2026-03-05', 'HOME');
  for (const daysAgo of [3, 2, 1])
    expect((await town.eat(other.uid, daysAgo)).receipt?.subsidyFen).toBeGreaterThan(0);
  expect(await town.openReviewsOf(other.elderId)).toBe(0);
  await town.comeBack(stay.id, '2026-03-08');
  expect(await town.openReviewsOf(other.elderId)).toBe(2);
});

it('days are asked about elder by elder, touching days are none, and it is one statement however many', async () => {
  const { elderId } = await town.diner();
  const stay = await town.live(elderId, '2026-03-02');
  await town.goHome(stay.id, '2026-03-05');
  const { database } = town.open;
  const days = ['2026-03-01', '2026-03-02', '2026-03-04', '2026-03-05'];
  const elderIds = Array.from({ length: 256 }, (_, index) => elderId + index);
  const { result, statements } = await statementsOf(database, () =>
    database.read((manager) => staysInInstitutions.on(manager, elderIds, days)),
  );
  expect(statements).toHaveLength(1);
  expect(days.filter((day) => result.has(stayKey(elderId, day)))).toEqual(['2026-03-02', '2026-03-04']);
  expect([...(await database.read((manager) => staysInInstitutions.on(manager, [], days)))]).toEqual([]);
});

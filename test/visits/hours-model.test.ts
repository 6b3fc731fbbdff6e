import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Visit, VisitBooking, VisitCaregiver } from '../../entities/index.js';
import { addDays, instantOn } from '../../src/shared/china-time.js';
import { lockTimes } from '../../src/visits/change-visit.js';
import {
  correctHours,
  forfeitHours,
  giveBackHours,
  moveHours,
  useHours,
} from '../../src/visits/hours-book.js';
import { expectAuditClean } from '../support/audited.js';
import { addService, approveHours, bookIn } from '../support/hours.js';
import { hoursRules } from '../support/hours-cases.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { addDiner, buildTown, noon, type Town } from '../support/town.js';
import { addCaregiver } from '../support/visits.js';

/** Random lives of visits over two months, and beside them the simplest book that could be kept of their hours. */
const grantedMinutes = 150;
const firstDay = '2026-03-01';

let test: TestDatabase;
let town: Town;
let serviceId: number;
let caregiverId: number;
beforeAll(async () => {
  test = await openTestDatabase();
  town = await buildTown(test.database);
  serviceId = await addService(test.database);
  caregiverId = await addCaregiver(test.database, { stationId: town.stationId });
  await approveHours(test.database, town.countyId, hoursRules([{ minutes: grantedMinutes }]));
});
afterAll(() => test.drop());

const dayIndex = fc.integer({ min: 0, max: 60 });
const which = fc.nat();
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      does: fc.constant('book' as const),
      dayIndex,
      minutes: fc.integer({ min: 10, max: 90 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('move' as const), which, dayIndex }) },
  fc.record({ does: fc.constantFrom('cancel', 'cancelLate', 'use', 'correct'), which }),
);
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

interface ModelVisit {
  visitId: number;
  day: string;
  month: string;
  minutes: number;
  /** Minutes that hours pay. */
  hours: number;
  state: 'RESERVED' | 'USED' | 'GONE';
}

class Run {
  readonly visits: ModelVisit[] = [];
  readonly lost = new Map<string, number>();
  private at = 0;

  constructor(readonly elderId: number) {}

  /** What the model has left of a month. */
  left(month: string): number {
    const taken = this.visits
      .filter((visit) => visit.month === month && visit.state !== 'GONE')
      .reduce((sum, { hours }) => sum + hours, 0);
    return grantedMinutes - taken - (this.lost.get(month) ?? 0);
  }

  async take(taken: Step): Promise<void> {
    if (taken.does === 'book') return this.book(taken.dayIndex, taken.minutes);
    const visit = this.visits[taken.which % Math.max(1, this.visits.length)];
    if (!visit) return;
    if (taken.does === 'move') return this.move(visit, addDays(firstDay, taken.dayIndex));
    await this.end(taken.does, visit);
  }

  private async book(dayIndex: number, minutes: number): Promise<void> {
    const day = addDays(firstDay, dayIndex);
    const month = day.slice(0, 7);
    const wanted = Math.min(minutes, this.left(month));
    // No two at once, so that every visit could be.
    this.at = (this.at + 97) % 1300;
    const more = { elderId: this.elderId, serviceId, stationId: town.stationId, at: this.at };
    const { visitId, hoursMinutes } = await test.database.write((manager) =>
      bookIn(manager, { ...more, day, minutes, priceFen: minutes * 100 }),
    );
    expect(hoursMinutes).toBe(wanted);
    this.visits.push({ visitId, day, month, minutes, hours: hoursMinutes, state: 'RESERVED' });
  }

  private async move(visit: ModelVisit, day: string): Promise<void> {
    if (visit.state !== 'RESERVED') return;
    const month = day.slice(0, 7);
    const { visitId, minutes } = visit;
    // Within the month hours stay, unless there were none, which are looked for anew.
    const stays = month === visit.month && visit.hours > 0;
    const back = month === visit.month ? visit.hours : 0;
    const wanted = stays ? visit.hours : Math.min(minutes, this.left(month) + back);
    const question = { elderId: this.elderId, serviceId, stationId: town.stationId, day, minutes };
    await test.database.write(async (manager) => {
      await lockTimes(manager, { elderIds: [this.elderId], caregiverIds: [] });
      const priceFen = minutes * 100;
      const [offer] = await moveHours(manager, [{ ...question, priceFen, visitId }], noon);
      expect(offer).toEqual({
        hoursMinutes: wanted,
        subsidyFen: wanted * 100,
        selfPaidFen: priceFen - wanted * 100,
      });
      const row = { subsidyFen: wanted * 100, selfPaidFen: priceFen - wanted * 100 };
      await manager.update(Visit, { id: visitId }, row);
      await manager.update(VisitBooking, { visitId }, { hoursMinutes: wanted });
    });
    Object.assign(visit, { day, month, hours: wanted });
  }

  private async end(does: 'cancel' | 'cancelLate' | 'use' | 'correct', visit: ModelVisit): Promise<void> {
    const isOpen = visit.state === 'RESERVED';
    if (does === 'correct' ? visit.state !== 'USED' || visit.hours === 0 : !isOpen) return;
    const work = { cancel: giveBackHours, cancelLate: forfeitHours, use: useHours, correct: correctHours };
    const status = {
      cancel: 'CANCELLED',
      cancelLate: 'CANCELLED',
      use: 'COMPLETED',
      correct: 'REQUESTED',
    } as const;
    await test.database.write(async (manager) => {
      await lockTimes(manager, { elderIds: [this.elderId], caregiverIds: [] });
      await work[does](manager, [visit.visitId], noon);
      // Time is not what this is about: a visit that was brought is as long as a second.
      await manager.update(Visit, { id: visit.visitId }, { status: status[does] });
      const { visitId } = visit;
      await manager.delete(VisitCaregiver, { visitId });
    });
    if (does === 'cancelLate') this.lost.set(visit.month, (this.lost.get(visit.month) ?? 0) + visit.hours);
    visit.state = { cancel: 'GONE', cancelLate: 'GONE', use: 'USED', correct: 'RESERVED' }[
      does
    ] as ModelVisit['state'];
  }

  /** The months as the database has them. */
  async check(): Promise<void> {
    const rows: { period: string; leftMinutes: number; ledger: number }[] = await test.database.read(
      (manager) =>
        manager.query(
          `SELECT g.period, g.leftMinutes, (SELECT SUM(e.minutes) FROM hours_entry e
                                            WHERE e.account = 'LEFT' AND e.ownerId = g.id) AS ledger
           FROM hours_grant g WHERE g.elderId = ?`,
          [this.elderId],
        ),
    );
    for (const { period, leftMinutes, ledger } of rows) {
      expect(leftMinutes).toBe(this.left(period));
      expect(Number(ledger)).toBe(leftMinutes);
      expect(leftMinutes).toBeGreaterThanOrEqual(0);
    }
  }
}

it('no life of visits overdraws a month, and the ledger is what was done', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
      const { elderId } = await addDiner(town, { balanceFen: 0 });
      const run = new Run(elderId);
      for (const taken of steps) await run.take(taken);
      await run.check();
      const unbalanced: unknown[] = await test.database.read((manager) =>
        manager.query(
          'SELECT postingId FROM hours_entry GROUP BY postingId HAVING SUM(minutes) <> 0 OR SUM(fen) <> 0',
        ),
      );
      expect(unbalanced).toEqual([]);
      await clear(run);
    }),
    { numRuns: process.env.TEST_ENGINE === 'mysql' ? 15 : 40, seed: 20261130 },
  );
  await expectAuditClean(test.database);
}, 120_000);

/** Gives every visit a time of its own, and those that were brought somebody who brought them. */
async function clear({ visits }: Run): Promise<void> {
  await test.database.write(async (manager) => {
    for (const [index, { visitId, day, state }] of visits.entries()) {
      // One caregiver brings them all, so each is a minute that nobody else's is.
      const isUsed = state === 'USED';
      const startsAt = isUsed ? instantOn('2020-01-01', visitId * 2) : instantOn(day, index);
      const endsAt = new Date(startsAt.getTime() + 60_000);
      await manager.update(Visit, { id: visitId }, { startsAt, endsAt });
      if (isUsed) await manager.insert(VisitCaregiver, { visitId, caregiverId, startsAt, endsAt });
    }
  });
}

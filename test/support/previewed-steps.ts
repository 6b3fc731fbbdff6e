import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { type DiningMode, diningModes, menuKinds } from '../../entities/meals/swipe.entity.js';
import type { ReviewBearer } from '../../entities/meals/swipe-review.entity.js';
import type { InstitutionStays } from '../../src/elders/institution-stays.js';
import { decideReview } from '../../src/meals/decide-review.js';
import { SwipeRecorder } from '../../src/meals/swipe-recorder.js';
import { voidSwipe } from '../../src/meals/void-swipe.js';
import { addDays, dayOf, instantOn } from '../../src/shared/china-time.js';
import { intakeOf, limits, tap } from './taps.js';
import type { Diner, Town } from './town.js';

const minutes = [300, 400, 470, 640, 690, 720, 750, 1000, 1050];

/** What happens in a town, one after the other; `which` is one of the taps before it. */
export const anyStep = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      does: fc.constant('tap' as const),
      laterMinutes: fc.constantFrom(1, 20, 240, 330, 660, 1440),
      diner: fc.nat({ max: 3 }),
      canteen: fc.constantFrom(0 as const, 1 as const),
      /** Null for a tap of this very minute, else an upload. */
      offline: fc.option(fc.record({ daysAgo: fc.nat({ max: 6 }), minute: fc.constantFrom(...minutes) }), {
        freq: 3,
      }),
      grossFen: fc.integer({ min: 200, max: 3100 }),
      mode: fc.constantFrom<DiningMode>(...diningModes),
      menu: fc.constantFrom(...menuKinds),
    }),
  },
  fc.record({ does: fc.constant('void' as const), laterMinutes: fc.constant(2), which: fc.nat() }),
  {
    weight: 2,
    arbitrary: fc.record({
      does: fc.constant('decide' as const),
      laterMinutes: fc.constant(2),
      which: fc.nat(),
      bornBy: fc.constantFrom<ReviewBearer>('CANTEEN', 'FUNDER', 'ELDER'),
      funderCode: fc.constantFrom('CITY', 'DONOR'),
    }),
  },
);
export type PreviewedStep = typeof anyStep extends fc.Arbitrary<infer Value> ? Value : never;

/** Takes steps in a town, each at its own instant, and counts what became of them. */
export class PreviewedSteps {
  readonly done: Record<string, number> = {};
  private readonly swipeIds: string[] = [];
  private now = new Date('2026-03-05T07:00:00+08:00');

  constructor(
    private readonly town: Town,
    private readonly diners: readonly Diner[],
    private readonly stays: InstitutionStays,
  ) {}

  async take(step: PreviewedStep): Promise<void> {
    this.now = new Date(this.now.getTime() + step.laterMinutes * 60_000);
    const word = step.does === 'tap' ? await this.tap(step) : await this.decideOn(step);
    this.done[word] = (this.done[word] ?? 0) + 1;
  }

  private async tap(step: Extract<PreviewedStep, { does: 'tap' }>): Promise<string> {
    const { canteen, offline, grossFen, mode, menu } = step;
    const { database, ids } = this.town;
    const day = dayOf(this.now);
    const swipedAt = offline ? instantOn(addDays(day, -offline.daysAgo), offline.minute) : this.now;
    const cardUid = this.diners[step.diner]?.uid ?? '';
    const command = { cardUid, swipedAt, offline: offline !== null, grossFen, mode, menu };
    const request = tap(this.town, command, { canteen });
    const recorder = new SwipeRecorder({ database, ids, limits, stays: this.stays, termsAgeMsMax: 0 });
    const answer = await intakeOf(this.town, { recorder, clock: { now: () => this.now } }).record(request);
    if (answer.receipt) this.swipeIds.push(request.command.swipeId);
    return answer.outcome;
  }

  private async decideOn(step: Exclude<PreviewedStep, { does: 'tap' }>): Promise<string> {
    const swipeId = this.swipeIds[step.which % this.swipeIds.length];
    if (swipeId === undefined) return 'NOTHING';
    const { town, now, stays } = this;
    const postingId = await town.ids.take(1);
    const about = { swipeId, byId: town.managerId, now, postingId };
    const result = await town.database.write(async (manager): Promise<object> => {
      if (step.does === 'void') return voidSwipe(manager, { ...about, reason: '错刷' }, 'everywhere');
      const funderCode = step.bornBy === 'FUNDER' ? step.funderCode : null;
      const decision = { ...about, requestId: randomUUID(), bornBy: step.bornBy, funderCode, note: '核实' };
      return decideReview(manager, decision, 'everywhere', stays);
    });
    if ('refused' in result) return String(result.refused);
    return step.does === 'void' ? 'VOIDED' : step.bornBy;
  }
}

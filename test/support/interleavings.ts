import { randomUUID } from 'node:crypto';
import type { ReviewBearer } from '../../entities/meals/swipe-review.entity.js';
import { decideReview } from '../../src/meals/decide-review.js';
import type { SwipeRequest } from '../../src/meals/record-swipes.js';
import { replaceCard } from '../../src/meals/replace-card.js';
import { reportCardLost } from '../../src/meals/report-card-lost.js';
import type { SwipeIntake } from '../../src/meals/swipe-intake.js';
import type { SwipeAnswer } from '../../src/meals/swipe-receipt.js';
import { topUpCard } from '../../src/meals/top-up-card.js';
import { voidSwipe } from '../../src/meals/void-swipe.js';
import { tap } from './taps.js';
import { type Diner, noon, type Town } from './town.js';
import { newUid } from './two-counties.js';

/** What happens to an elder; `of` is the place of a tap among the steps. */
export type Step = { elder: number } & (
  | ({ does: 'tap' } & TapStep)
  | { does: 'topUp'; fen: number }
  | { does: 'void'; of: number }
  | { does: 'decide'; of: number; bornBy: ReviewBearer }
  | { does: 'lose' }
  | { does: 'replace' }
);

export interface TapStep {
  daysAgo: number;
  grossFen: number;
  canteen: 0 | 1;
  /** What is tapped on another day can only have been tapped offline. */
  offline: boolean;
  /** Before breakfast is served, so that it can only be a case for review; else at noon. */
  early: boolean;
  /** With the card that the elder has after `replace`. */
  newCard: boolean;
}

/** A server of the town: what it writes with, and where swipes are handed in to it. */
export interface Server {
  town: Town;
  intake: SwipeIntake;
}

const dayMs = 86_400_000;
const beforeBreakfastMs = 6.5 * 3_600_000;

/** Cards are lost and replaced after every tap of this test, and reported whenever it comes. */
const afterLunch = new Date(noon.getTime() + 1);

/** Steps on elders of their own, each the same request however often it is taken, and every answer that it got. */
export class Performance {
  readonly answers: (SwipeAnswer | string)[][];
  private readonly requestIds: string[];
  private readonly taps = new Map<number, SwipeRequest>();
  private readonly newUids: string[];

  constructor(
    private readonly servers: readonly [Server, Server],
    readonly diners: readonly Diner[],
    readonly steps: readonly Step[],
  ) {
    this.answers = steps.map(() => []);
    this.requestIds = steps.map(() => randomUUID());
    this.newUids = diners.map(() => newUid());
    for (const [index, step] of steps.entries()) {
      if (step.does === 'tap') this.taps.set(index, this.requestOf(step, step.elder));
    }
  }

  /** Takes all of these at once, at both servers; the offline taps of one server are one upload. */
  async takeTogether(wave: readonly number[]): Promise<void> {
    const uploads = [0, 1].map((server) =>
      wave.filter((index, place) => place % 2 === server && this.isOffline(index)),
    );
    const others = wave.filter((index) => !this.isOffline(index));
    await Promise.all([
      ...uploads.map((indexes, server) => this.upload(indexes, server)),
      ...others.map(async (index, place) => {
        this.answers[index]?.push(await this.take(index, this.serverAt(place)));
      }),
    ]);
  }

  /** The tap's first answer; undefined when it was never sent. */
  answerOf(index: number): SwipeAnswer | undefined {
    const [answer] = this.answers[index] ?? [];
    return typeof answer === 'object' ? answer : undefined;
  }

  wasDone(index: number): boolean {
    return this.answers[index]?.includes('done') ?? false;
  }

  private isOffline(index: number): boolean {
    return this.taps.get(index)?.command.offline ?? false;
  }

  private serverAt(place: number): Server {
    return this.servers[place % 2 === 0 ? 0 : 1];
  }

  private async upload(indexes: readonly number[], server: number): Promise<void> {
    if (indexes.length === 0) return;
    const requests = indexes.flatMap((index) => this.taps.get(index) ?? []);
    const answers = await this.serverAt(server).intake.recordAll(requests);
    indexes.forEach((index, place) => {
      const answer = answers[place];
      if (answer) this.answers[index]?.push(answer);
    });
  }

  private async take(index: number, { town, intake }: Server): Promise<SwipeAnswer | string> {
    const step = this.steps[index];
    const request = this.taps.get(index);
    if (request) return intake.record(request);
    const id = await town.ids.take(1);
    const asked = { requestId: this.requestIds[index] ?? '', byId: town.managerId, now: noon };
    const { uid: cardUid = '' } = this.diners[step?.elder ?? 0] ?? {};
    return town.database.write(async (manager) => {
      switch (step?.does) {
        case 'topUp':
          return wordOf(
            await topUpCard(manager, { ...asked, id, cardUid, fen: step.fen, fenMax: 100_000 }, 'everywhere'),
          );
        case 'void': {
          const voiding = { ...asked, postingId: id, swipeId: this.swipeIdOf(step.of), reason: '错刷' };
          return wordOf(await voidSwipe(manager, voiding, 'everywhere'));
        }
        case 'decide': {
          const { bornBy } = step;
          const funderCode = bornBy === 'FUNDER' ? 'BUREAU' : null;
          const swipeId = this.swipeIdOf(step.of);
          const decision = { ...asked, postingId: id, swipeId, bornBy, funderCode, note: '核实' };
          return wordOf(await decideReview(manager, decision, 'everywhere'));
        }
        case 'lose':
          return wordOf(await reportCardLost(manager, cardUid, 'everywhere', afterLunch));
        case 'replace': {
          const newCardUid = this.newUids[step.elder] ?? '';
          return wordOf(
            await replaceCard(manager, { ...asked, now: afterLunch, cardUid, newCardUid }, 'everywhere'),
          );
        }
        default:
          throw new Error(`there is no step ${index}`);
      }
    });
  }

  private swipeIdOf(index: number): string {
    return this.taps.get(index)?.command.swipeId ?? randomUUID();
  }

  private requestOf(step: TapStep, elder: number): SwipeRequest {
    const { daysAgo, grossFen, canteen, early, newCard } = step;
    const cardUid = (newCard ? this.newUids[elder] : this.diners[elder]?.uid) ?? '';
    const swipedAt = new Date(noon.getTime() - daysAgo * dayMs - (early ? beforeBreakfastMs : 0));
    const offline = step.offline || daysAgo > 0 || early;
    return tap(this.servers[0].town, { cardUid, grossFen, swipedAt, offline }, { canteen });
  }
}

function wordOf(result: object): string {
  return 'refused' in result ? String(result.refused) : 'done';
}

/** An order in which steps are taken, some of them again, and how many at once. */
export interface Order {
  /** For each taking, in turn; the lowest goes first. */
  priorities: readonly number[];
  /** How often each step is taken beyond once. */
  repeats: readonly number[];
  /** How many are taken at once at most. */
  together: number;
}

/** Takes every step in this order, but none before those that it comes `after` have their answers. */
export async function perform(
  performance: Performance,
  { priorities, repeats, together }: Order,
  after: (index: number) => readonly number[] = () => [],
): Promise<void> {
  const left = performance.steps.flatMap((_, index) =>
    Array.from({ length: 1 + (repeats[index % repeats.length] ?? 0) }, () => index),
  );
  const turns = left
    .map((index, place) => ({ index, priority: priorities[place % priorities.length] ?? 0 }))
    .sort((one, other) => one.priority - other.priority);
  while (turns.length > 0) {
    const ready = turns.filter(({ index }) =>
      after(index).every((earlier) => (performance.answers[earlier]?.length ?? 0) > 0),
    );
    const wave = ready.slice(0, together);
    if (wave.length === 0) throw new Error('the steps wait for each other');
    for (const turn of wave) turns.splice(turns.indexOf(turn), 1);
    await performance.takeTogether(wave.map(({ index }) => index));
  }
}

import { insertBest, takeOut } from './insert.js';
import type { Neighbours } from './neighbours.js';
import type { Random } from './random.js';
import type { Schedule } from './schedule.js';
import { settle } from './settle.js';
import { Snapshot } from './snapshot.js';
import { workChange } from './work-costs.js';

/** How many visits one rebuilding takes out. */
const takenMin = 2;
const takenMax = 10;
/** The chance in a hundred that a place is passed over. */
const blinkPercent = 3;
/** So many of the visits that were left out before are tried again each time. */
const triedAgainMax = 20;

/**
 * The large step: takes some visits out that lie near each other in place and time, and puts them, and all that was
 * left out before, back where each costs least. It finds what single moves cannot: room for a visit that had none.
 */
export class Rebuilding {
  readonly #before: Snapshot;
  readonly #schedule: Schedule;
  readonly #near: Neighbours;
  readonly #random: Random;
  readonly #waiting: Int32Array;
  #waitingCount = 0;
  readonly #blinks: () => boolean;

  constructor(schedule: Schedule, near: Neighbours, random: Random) {
    this.#schedule = schedule;
    this.#near = near;
    this.#random = random;
    this.#before = new Snapshot(schedule);
    this.#waiting = new Int32Array(schedule.model.visitCount);
    this.#blinks = () => random.below(100) < blinkPercent;
  }

  /** True when the plan was changed; the cost rises by `slack` at most. */
  step(slack: number): boolean {
    const schedule = this.#schedule;
    const before = schedule.cost;
    this.#before.save(schedule);
    this.#waitingCount = 0;
    this.#callLeftOut();
    if (this.#takeSome()) {
      for (let i = 0; i < this.#waitingCount; i++) insertBest(schedule, this.#waiting[i]!, 0, this.#blinks);
      if (schedule.cost <= before + slack) return true;
    }
    this.#before.restore(schedule);
    return false;
  }

  #takeSome(): boolean {
    const schedule = this.#schedule;
    const random = this.#random;
    const { model } = schedule;
    const centre = random.below(model.visitCount);
    const wanted = takenMin + random.below(takenMax - takenMin + 1);
    schedule.begin();
    let taken = this.#take(centre) ? 1 : 0;
    for (let tries = 4 * wanted; tries > 0 && taken < wanted; tries--) {
      if (this.#take(this.#nextTo(centre) >> 1)) taken++;
    }
    if (model.countsWork) schedule.workDelta = workChange(schedule);
    // Where ways are no metric a visit less can make another one later: then nothing is taken out.
    if (!settle(schedule, Number.POSITIVE_INFINITY)) {
      schedule.undo();
      return false;
    }
    schedule.keep();
    return true;
  }

  #nextTo(v: number): number {
    const { before, beforeCount, after, afterCount, size } = this.#near;
    const random = this.#random;
    const n = 2 * v + (this.#schedule.model.visits.parts[v] === 2 ? random.below(2) : 0);
    const [list, count] = random.below(2) === 0 ? [before, beforeCount[n]!] : [after, afterCount[n]!];
    if (count === 0) return 2 * random.below(this.#schedule.model.visitCount);
    return list[n * size + random.below(count)]!;
  }

  #take(v: number): boolean {
    const { model, shiftOf } = this.#schedule;
    if (shiftOf[2 * v]! < 0 || model.nodes.frozen[2 * v] === 1) return false;
    takeOut(this.#schedule, v);
    this.#wait(v);
    return true;
  }

  /** Some of the visits that are left out, beginning anywhere. */
  #callLeftOut(): void {
    const { model, shiftOf } = this.#schedule;
    const from = this.#random.below(model.visitCount);
    for (let i = 0; i < model.visitCount && this.#waitingCount < triedAgainMax; i++) {
      const v = (from + i) % model.visitCount;
      if (shiftOf[2 * v]! < 0) this.#wait(v);
    }
  }

  /** Puts a visit among those that wait for a place, in an order of chance, and anywhere in its group. */
  #wait(v: number): void {
    const at = this.#random.below(this.#waitingCount + 1);
    this.#waiting[this.#waitingCount++] = this.#waiting[at]!;
    this.#waiting[at] = v;
    if (this.#schedule.model.visits.group[v]! >= 0) this.#moveInGroup(v);
  }

  /** Never before what has begun, which stands first. */
  #moveInGroup(v: number): void {
    const { groups, model } = this.#schedule;
    const order = groups[model.visits.group[v]!]!;
    const from = order.indexOf(v);
    const to = this.#random.below(order.length);
    if (model.nodes.frozen[2 * order[to]!] === 1) return;
    order.copyWithin(from, from + 1, to + 1);
    if (to < from) order.copyWithin(to + 1, to, from);
    order[to] = v;
  }
}

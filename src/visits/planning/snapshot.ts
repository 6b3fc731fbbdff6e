import type { Schedule } from './schedule.js';

/** A copy of a schedule's state, to come back to. */
export class Snapshot {
  cost = Number.POSITIVE_INFINITY;
  leftOutCount = 0;
  readonly #arrays: {
    copy: Int32Array | Float64Array | Uint8Array;
    of: Int32Array | Float64Array | Uint8Array;
  }[];
  #scalars: number[] = [];

  constructor(schedule: Schedule) {
    const {
      prev,
      next,
      shiftOf,
      start,
      finish,
      breaks,
      restFirst,
      release,
      timeCost,
      late,
      dayWork,
      caregiverWork,
    } = schedule;
    const arrays = [
      prev,
      next,
      shiftOf,
      start,
      finish,
      breaks,
      restFirst,
      release,
      timeCost,
      late,
      dayWork,
      caregiverWork,
    ];
    this.#arrays = [...arrays, ...schedule.groups].map((of) => ({ copy: of.slice(), of }));
  }

  save(schedule: Schedule): void {
    for (const { copy, of } of this.#arrays) copy.set(of);
    const { fixedCost, timeTotal, worst, workCost, allWork } = schedule;
    this.#scalars = [fixedCost, timeTotal, worst, workCost, allWork];
    this.cost = schedule.cost;
    this.leftOutCount = schedule.leftOutCount;
  }

  restore(schedule: Schedule): void {
    for (const { copy, of } of this.#arrays) of.set(copy);
    const [fixedCost = 0, timeTotal = 0, worst = 0, workCost = 0, allWork = 0] = this.#scalars;
    Object.assign(schedule, { fixedCost, timeTotal, worst, workCost, allWork });
    schedule.leftOutCount = this.leftOutCount;
  }
}

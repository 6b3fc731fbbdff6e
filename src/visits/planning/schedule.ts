import type { Model } from './model.js';

/**
 * Routes and instants, and a memory of what the move under way has changed. A move begins with `begin`, changes links,
 * lets the instants be worked out (settle.ts), and ends with `keep` or `undo`; between moves every hard bound is kept.
 */
export class Schedule {
  readonly model: Model;
  /** The ring of each shift. */
  readonly prev: Int32Array;
  readonly next: Int32Array;
  /** The shift of each node; -1: its visit is left out. */
  readonly shiftOf: Int32Array;
  /** NaN while the visit is left out. */
  readonly start: Float64Array;
  /** When the caregiver is free again; at the node of a shift: its start. */
  readonly finish: Float64Array;
  /** How many breaks of the shift lie before the start. */
  readonly breaks: Uint8Array;
  /** 1: the next break comes before this node, though it could come later. */
  readonly restFirst: Uint8Array;
  /** The instant before which a visit does not start: its earliest, or the one that keeps its promise. */
  readonly release: Float64Array;
  /** What the instants of a visit count, weighted: lateness and moved minutes. */
  readonly timeCost: Float64Array;
  /** The lateness of the later part of each visit. */
  readonly late: Float64Array;
  /** Minutes of work of each day of a caregiver, and of each caregiver: ways, preparation, visits and buffers. */
  readonly dayWork: Float64Array;
  readonly caregiverWork: Float64Array;
  allWork = 0;
  /** The visits of each group in the order in which they follow each other. */
  readonly groups: Int32Array[];

  /** Travel, service and what is left out, weighted: all that does not depend on instants. */
  fixedCost = 0;
  timeTotal = 0;
  worst = 0;
  workCost = 0;
  leftOutCount: number;

  /** What the move under way adds to `fixedCost`, to `workCost` and to the work of days. */
  fixedDelta = 0;
  workDelta = 0;
  leftOutDelta = 0;
  readonly dayDelta: Float64Array;
  readonly touchedDays: Int32Array;
  touchedDayCount = 0;
  readonly dayStamp: Int32Array;

  /** Visits whose instants have to be worked out, by the instant they had, the first one last. */
  readonly queue: Int32Array;
  readonly queueKey: Float64Array;
  readonly queued: Uint8Array;
  queueCount = 0;
  /** 1 for those of them that may start earlier than before, and how many there are. */
  readonly mayFall: Uint8Array;
  falling = 0;
  /** Shifts whose last visit changed, whose ends have to be looked at. */
  readonly ended: Int32Array;
  endedCount = 0;
  readonly endedStamp: Int32Array;

  move = 0;
  readonly #linkStamp: Int32Array;
  readonly #linkLog: Int32Array;
  #linkCount = 0;
  readonly #oldPrev: Int32Array;
  readonly #oldNext: Int32Array;
  readonly #oldShift: Int32Array;
  readonly timeStamp: Int32Array;
  readonly timeLog: Int32Array;
  timeCount = 0;
  readonly oldStart: Float64Array;
  readonly oldFinish: Float64Array;
  readonly oldBreaks: Uint8Array;
  readonly oldTimeCost: Float64Array;
  readonly oldLate: Float64Array;
  oldTimeTotal = 0;
  oldWorst = 0;

  constructor(model: Model) {
    const { nodeCount, shiftCount, visitCount } = model;
    const count = nodeCount + shiftCount;
    this.model = model;
    this.leftOutCount = visitCount;
    this.prev = new Int32Array(count).fill(-1);
    this.next = new Int32Array(count).fill(-1);
    this.shiftOf = new Int32Array(count).fill(-1);
    this.start = new Float64Array(count).fill(Number.NaN);
    this.finish = new Float64Array(count).fill(Number.NaN);
    this.breaks = new Uint8Array(count);
    this.restFirst = new Uint8Array(count);
    this.release = model.visits.held.slice();
    this.timeCost = new Float64Array(visitCount);
    this.late = new Float64Array(visitCount);
    this.dayWork = model.days.worked.slice();
    this.caregiverWork = model.worked.slice();
    this.allWork = this.caregiverWork.reduce((sum, minutes) => sum + minutes, 0);
    this.groups = [];
    this.dayDelta = new Float64Array(model.dayCount);
    this.touchedDays = new Int32Array(model.dayCount);
    this.dayStamp = new Int32Array(model.dayCount);
    this.queue = new Int32Array(visitCount + 1);
    this.queueKey = new Float64Array(visitCount + 1);
    this.queued = new Uint8Array(visitCount);
    this.mayFall = new Uint8Array(visitCount);
    this.ended = new Int32Array(shiftCount);
    this.endedStamp = new Int32Array(shiftCount);
    this.#linkStamp = new Int32Array(count);
    this.#linkLog = new Int32Array(count);
    this.#oldPrev = new Int32Array(count);
    this.#oldNext = new Int32Array(count);
    this.#oldShift = new Int32Array(count);
    this.timeStamp = new Int32Array(visitCount);
    this.timeLog = new Int32Array(visitCount);
    this.oldStart = new Float64Array(nodeCount);
    this.oldFinish = new Float64Array(nodeCount);
    this.oldBreaks = new Uint8Array(nodeCount);
    this.oldTimeCost = new Float64Array(visitCount);
    this.oldLate = new Float64Array(visitCount);
    for (let h = 0; h < shiftCount; h++) {
      const node = nodeCount + h;
      this.prev[node] = node;
      this.next[node] = node;
      this.shiftOf[node] = h;
      this.finish[node] = model.shifts.start[h]!;
    }
  }

  get cost(): number {
    return this.fixedCost + this.timeTotal + this.model.weights.worstLateness * this.worst + this.workCost;
  }

  /** Minutes on the way between two nodes for the caregiver of a shift. */
  travel(from: number, to: number, shift: number): number {
    // The ring of an empty shift: nobody sets out.
    if (from === to) return 0;
    const { travel, width, nodes, shifts } = this.model;
    return travel[shifts.matrix[shift]! + nodes.from[from]! * width + nodes.to[to]!]!;
  }

  begin(): void {
    this.move++;
    this.#linkCount = 0;
    this.timeCount = 0;
    this.endedCount = 0;
    this.touchedDayCount = 0;
    this.fixedDelta = 0;
    this.workDelta = 0;
    this.leftOutDelta = 0;
    this.oldTimeTotal = this.timeTotal;
    this.oldWorst = this.worst;
  }

  /** Must be called before a link or the shift of a node is changed. */
  remember(node: number): void {
    if (this.#linkStamp[node] === this.move) return;
    this.#linkStamp[node] = this.move;
    this.#linkLog[this.#linkCount++] = node;
    this.#oldPrev[node] = this.prev[node]!;
    this.#oldNext[node] = this.next[node]!;
    this.#oldShift[node] = this.shiftOf[node]!;
  }

  /** Must be called before an instant of a visit is changed. */
  rememberTimes(v: number): void {
    if (this.timeStamp[v] === this.move) return;
    this.timeStamp[v] = this.move;
    this.timeLog[this.timeCount++] = v;
    const first = 2 * v;
    const second = first + 1;
    this.oldStart[first] = this.start[first]!;
    this.oldStart[second] = this.start[second]!;
    this.oldFinish[first] = this.finish[first]!;
    this.oldFinish[second] = this.finish[second]!;
    this.oldBreaks[first] = this.breaks[first]!;
    this.oldBreaks[second] = this.breaks[second]!;
    this.oldTimeCost[v] = this.timeCost[v]!;
    this.oldLate[v] = this.late[v]!;
  }

  /** Makes `after` follow `before`; both are of one ring. */
  link(before: number, after: number): void {
    this.remember(before);
    this.remember(after);
    this.next[before] = after;
    this.prev[after] = before;
  }

  noteEnd(shift: number): void {
    if (this.endedStamp[shift] === this.move) return;
    this.endedStamp[shift] = this.move;
    this.ended[this.endedCount++] = shift;
  }

  addWork(shift: number, minutes: number): void {
    const day = this.model.shifts.day[shift]!;
    if (this.dayStamp[day] !== this.move) {
      this.dayStamp[day] = this.move;
      this.dayDelta[day] = 0;
      this.touchedDays[this.touchedDayCount++] = day;
    }
    this.dayDelta[day] = this.dayDelta[day]! + minutes;
  }

  /** Puts a visit among those whose instants have to be worked out. */
  enqueue(v: number, key: number, falls: boolean): void {
    if (falls && this.mayFall[v] === 0) {
      this.mayFall[v] = 1;
      this.falling++;
    }
    if (this.queued[v] === 1) return;
    this.queued[v] = 1;
    const { queue, queueKey } = this;
    let at = this.queueCount++;
    while (at > 0 && queueKey[at - 1]! <= key) {
      queue[at] = queue[at - 1]!;
      queueKey[at] = queueKey[at - 1]!;
      at--;
    }
    queue[at] = v;
    queueKey[at] = key;
  }

  /** Takes the visit out of the queue that started first. */
  dequeue(): number {
    const v = this.queue[--this.queueCount]!;
    this.queued[v] = 0;
    if (this.mayFall[v] === 1) {
      this.mayFall[v] = 0;
      this.falling--;
    }
    return v;
  }

  keep(): void {
    this.fixedCost += this.fixedDelta;
    this.workCost += this.workDelta;
    this.leftOutCount += this.leftOutDelta;
    for (let i = 0; i < this.touchedDayCount; i++) {
      const day = this.touchedDays[i]!;
      const minutes = this.dayDelta[day]!;
      const caregiver = this.model.days.caregiver[day]!;
      this.dayWork[day] = this.dayWork[day]! + minutes;
      this.caregiverWork[caregiver] = this.caregiverWork[caregiver]! + minutes;
      this.allWork += minutes;
    }
  }

  undo(): void {
    for (let i = 0; i < this.#linkCount; i++) {
      const node = this.#linkLog[i]!;
      this.prev[node] = this.#oldPrev[node]!;
      this.next[node] = this.#oldNext[node]!;
      this.shiftOf[node] = this.#oldShift[node]!;
    }
    for (let i = 0; i < this.timeCount; i++) this.#restoreTimes(this.timeLog[i]!);
    for (let i = 0; i < this.queueCount; i++) {
      this.queued[this.queue[i]!] = 0;
      this.mayFall[this.queue[i]!] = 0;
    }
    this.falling = 0;
    this.queueCount = 0;
    this.timeTotal = this.oldTimeTotal;
    this.worst = this.oldWorst;
  }

  #restoreTimes(v: number): void {
    const first = 2 * v;
    const second = first + 1;
    this.start[first] = this.oldStart[first]!;
    this.start[second] = this.oldStart[second]!;
    this.finish[first] = this.oldFinish[first]!;
    this.finish[second] = this.oldFinish[second]!;
    this.breaks[first] = this.oldBreaks[first]!;
    this.breaks[second] = this.oldBreaks[second]!;
    this.timeCost[v] = this.oldTimeCost[v]!;
    this.late[v] = this.oldLate[v]!;
  }
}

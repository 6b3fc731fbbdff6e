import { type Had, type Held, has, hourNow, hourOfExpiry, KeptBeds } from './beds-kept.js';

export type Command =
  | { does: 'hold'; bed: number; elder: number; from: number; lasts: number }
  | { does: 'release'; hold: number }
  | { does: 'admit'; bed: number; elder: number; from: number }
  | { does: 'transfer'; stay: number; bed: number; on: number }
  | { does: 'leave'; stay: number; on: number; kind: 'HOME' | 'HOSPITAL' }
  | { does: 'return'; stay: number; on: number }
  | { does: 'discharge'; stay: number; on: number; dies: boolean }
  | { does: 'cancel'; stay: number }
  | { does: 'close'; bed: number; from: number; lasts: number | null }
  | { does: 'open'; bed: number; on: number }
  | { does: 'wait'; days: number };

const backMax = 62;
const leaveDaysMax = 60;
/** The first of January of the year in which the runs play, counted from their first day, 10 March. */
const yearBegins = -68;

/**
 * A second way to what beds do, as simple as it can be: days are whole numbers, everything is looked up day by day over a
 * horizon, and nothing is shared with the code that is tested. 0 is the day on which a run begins.
 */
export class BedsModel extends KeptBeds {
  /** What is answered, and the change when it is 'done'. */
  take(command: Command): string {
    switch (command.does) {
      case 'hold':
        return this.hold(command);
      case 'release':
        return this.release(this.holds[command.hold]);
      case 'admit':
        return this.admit(command);
      case 'transfer':
        return this.transfer(this.stays[command.stay], command);
      case 'leave':
        return this.leave(this.stays[command.stay], command);
      case 'return':
        return this.comeBack(this.stays[command.stay], command.on + this.day);
      case 'discharge':
        return this.discharge(this.stays[command.stay], command);
      case 'cancel':
        return this.cancel(this.stays[command.stay]);
      case 'close':
        return this.close(command);
      case 'open':
        return this.open(command.bed, command.on + this.day);
      case 'wait':
        this.day += command.days;
        return 'done';
    }
  }

  private hold({ bed, elder, from: after, lasts }: Extract<Command, { does: 'hold' }>): string {
    const from = this.day + after;
    const expires = this.day + lasts;
    if (from < this.day) return 'DAY_OUT_OF_RANGE';
    if (lasts < 0 || (lasts === 0 && hourOfExpiry <= hourNow) || expires < from) return 'DAY_OUT_OF_RANGE';
    if (lasts > 30) return 'HOLD_TOO_LONG';
    const days = this.days(from);
    if (this.isTaken(bed, elder, days)) return 'BED_NOT_FREE';
    if (this.dead.has(elder)) return 'ELDER_NOT_ACTIVE';
    if (this.hasStay(elder, days) || this.holds.some((one) => one.elder === elder && this.counts(one))) {
      return 'ELDER_HAS_BED';
    }
    const why = this.misfit(bed, elder);
    if (why) return why;
    this.holds.push({ bed, elder, from, expires, ended: null, endedDay: null });
    return 'done';
  }

  private release(hold: Held | undefined): string {
    if (!hold) return 'STAY_UNKNOWN';
    if (hold.ended === 'ADMITTED') return 'WRONG_STATE';
    if (hold.ended === 'RELEASED') return 'done';
    if (!this.counts(hold)) return 'HOLD_EXPIRED';
    this.endHold(hold, 'RELEASED');
    return 'done';
  }

  private endHold(hold: Held, ended: 'ADMITTED' | 'RELEASED'): void {
    hold.ended = ended;
    hold.endedDay = this.day;
  }

  private endHoldsOf(elder: number, kept?: number): void {
    for (const hold of this.holds.filter((one) => one.elder === elder && this.counts(one))) {
      this.endHold(hold, hold.bed === kept ? 'ADMITTED' : 'RELEASED');
    }
  }

  private admit({ bed, elder, from: after }: Extract<Command, { does: 'admit' }>): string {
    const from = this.day + after;
    if (after < -backMax) return 'DAY_OUT_OF_RANGE';
    const days = this.days(from);
    if (this.isTaken(bed, elder, days, undefined, true)) return 'BED_NOT_FREE';
    if (this.dead.has(elder)) return 'ELDER_NOT_ACTIVE';
    if (this.hasStay(elder, days)) return 'ELDER_HAS_BED';
    const why = this.misfit(bed, elder);
    if (why) return why;
    this.endHoldsOf(elder, bed);
    this.begin({ bed, elder, from, previous: null });
    return 'done';
  }

  private begin(stay: Pick<Had, 'bed' | 'elder' | 'from' | 'previous'>): void {
    this.stays.push({ ...stay, to: null, reason: null, cancelled: false });
  }

  private mayEnd(stay: Had, on: number): string | undefined {
    if (stay.to !== null) return 'WRONG_STATE';
    if (on < this.day - backMax) return 'DAY_OUT_OF_RANGE';
    if (on <= stay.from) return 'DAY_OUT_OF_RANGE';
    const own = this.leavesOf(stay);
    return own.some((one) => on < (one.to ?? one.from)) ? 'DAY_OUT_OF_RANGE' : undefined;
  }

  private end(stay: Had, on: number, reason: string): void {
    stay.to = on;
    stay.reason = reason;
    for (const away of this.leaves) if (away.stay === stay && away.to === null) away.to = on;
  }

  private transfer(
    stay: Had | undefined,
    { bed, on: after }: Extract<Command, { does: 'transfer' }>,
  ): string {
    const on = this.day + after;
    if (!stay) return 'STAY_UNKNOWN';
    const fault = this.mayEnd(stay, on);
    if (fault) return fault;
    if (this.leaves.some((one) => one.stay === stay && one.to === null)) return 'WRONG_STATE';
    if (bed === stay.bed) return 'BED_NOT_FREE';
    const days = this.days(on);
    if (this.isTaken(bed, stay.elder, days, stay, true)) return 'BED_NOT_FREE';
    if (this.dead.has(stay.elder)) return 'ELDER_NOT_ACTIVE';
    if (this.hasStay(stay.elder, days, stay)) return 'ELDER_HAS_BED';
    const asksLevel = this.beds[bed]?.type !== this.beds[stay.bed]?.type;
    const why = this.misfit(bed, stay.elder, asksLevel);
    if (why) return why;
    this.endHoldsOf(stay.elder);
    this.end(stay, on, 'TRANSFER');
    this.begin({ bed, elder: stay.elder, from: on, previous: stay });
    return 'done';
  }

  private leave(stay: Had | undefined, { on: after, kind }: Extract<Command, { does: 'leave' }>): string {
    const on = this.day + after;
    if (!stay) return 'STAY_UNKNOWN';
    if (stay.to !== null) return 'WRONG_STATE';
    if (after < -backMax || on < stay.from) return 'DAY_OUT_OF_RANGE';
    const own = this.leavesOf(stay);
    if (own.some((one) => one.to === null || one.to > on)) return 'WRONG_STATE';
    const used = this.days(yearBegins, on).filter((day) =>
      this.leaves.some((one) => one.stay.elder === stay.elder && one.kind === kind && has(one, day)),
    ).length;
    if (used >= leaveDaysMax) return 'LEAVE_LIMIT';
    this.leaves.push({ stay, kind, from: on, to: null });
    return 'done';
  }

  private comeBack(stay: Had | undefined, on: number): string {
    if (!stay) return 'STAY_UNKNOWN';
    if (stay.to !== null) return 'WRONG_STATE';
    const away = this.leaves.find((one) => one.stay === stay && one.to === null);
    if (!away) return 'WRONG_STATE';
    if (on < this.day - backMax || on > Math.max(this.day, away.from) || on < away.from)
      return 'DAY_OUT_OF_RANGE';
    away.to = on;
    return 'done';
  }

  private discharge(
    stay: Had | undefined,
    { on: after, dies }: Extract<Command, { does: 'discharge' }>,
  ): string {
    const on = this.day + after;
    if (!stay) return 'STAY_UNKNOWN';
    const fault = this.mayEnd(stay, on);
    if (fault) return fault;
    if (dies && on > this.day) return 'DAY_OUT_OF_RANGE';
    this.end(stay, on, dies ? 'DEATH' : 'HOME');
    if (dies && !this.dead.has(stay.elder)) this.die(stay.elder, on);
    return 'done';
  }

  private die(elder: number, on: number): void {
    this.dead.set(elder, on);
    for (const stay of this.stays.filter((one) => one.elder === elder && !one.cancelled)) {
      if (stay.to !== null && stay.to <= on) continue;
      const own = this.leavesOf(stay);
      const end = Math.max(on, ...own.map((one) => one.to ?? one.from));
      if (stay.to !== null && stay.to <= Math.max(end, stay.from)) continue;
      stay.cancelled = end <= stay.from;
      this.end(stay, stay.cancelled ? stay.from : end, 'FILE_ENDED');
    }
    this.endHoldsOf(elder);
  }

  private cancel(stay: Had | undefined): string {
    if (!stay) return 'STAY_UNKNOWN';
    if (stay.reason === 'CANCELLED') return 'done';
    if (stay.to !== null || stay.from <= this.day || stay.previous) return 'WRONG_STATE';
    this.end(stay, stay.from, 'CANCELLED');
    stay.cancelled = true;
    return 'done';
  }

  private close({ bed, from: after, lasts }: Extract<Command, { does: 'close' }>): string {
    const from = this.day + after;
    if (after < -31) return 'DAY_OUT_OF_RANGE';
    if (lasts !== null && lasts <= 0) return 'DAY_OUT_OF_RANGE';
    const to = lasts === null ? null : from + lasts;
    if (this.isTaken(bed, -1, this.days(from, to))) return 'BED_NOT_FREE';
    this.closures.push({ bed, from, to });
    return 'done';
  }

  private open(bed: number, on: number): string {
    if (on < this.day - 31) return 'DAY_OUT_OF_RANGE';
    const closure = this.closures.find((one) => one.bed === bed && has(one, on));
    if (!closure) return 'WRONG_STATE';
    closure.to = on;
    return 'done';
  }
}

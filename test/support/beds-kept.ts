/** The last day, counted from the one on which a run begins, that is looked up. */
const horizon = 80;

type Type = 'GENERAL' | 'NURSING';
export interface ModelBed {
  type: Type;
  gender: 'FEMALE' | 'MALE' | 'ANY';
}
export interface ModelElder {
  gender: 'FEMALE' | 'MALE';
  level: number | null;
}
export interface Held {
  bed: number;
  elder: number;
  from: number;
  /** The day and hour of the end. */
  expires: number;
  ended: 'ADMITTED' | 'RELEASED' | null;
  endedDay: number | null;
}
export interface Had {
  bed: number;
  elder: number;
  from: number;
  to: number | null;
  reason: string | null;
  cancelled: boolean;
  previous: Had | null;
}
interface Away {
  stay: Had;
  kind: 'HOME' | 'HOSPITAL';
  from: number;
  to: number | null;
}
interface Shut {
  bed: number;
  from: number;
  to: number | null;
}

const levels: Record<Type, [number, number]> = { GENERAL: [0, 2], NURSING: [1, 4] };
/** Noon: holds of this model end at ten in the morning. */
export const hourNow = 12;
export const hourOfExpiry = 10;

/** What is written down of beds, and what it comes to on a day: everything is looked up day by day over the horizon. */
export class KeptBeds {
  day = 0;
  readonly holds: Held[] = [];
  readonly stays: Had[] = [];
  readonly leaves: Away[] = [];
  readonly closures: Shut[] = [];
  readonly dead = new Map<number, number>();

  constructor(
    readonly beds: readonly ModelBed[],
    readonly elders: readonly ModelElder[],
  ) {}

  /** What the bed is on a day, as known now. */
  stateOn(bed: number, day: number): string {
    if (this.closures.some((one) => one.bed === bed && has(one, day))) return 'OUT_OF_SERVICE';
    const stay = this.stays.find((one) => one.bed === bed && has(one, day));
    if (stay) {
      if (this.leaves.some((one) => one.stay === stay && has(one, day))) return 'ON_LEAVE';
      return 'OCCUPIED';
    }
    return this.holds.some((one) => one.bed === bed && this.keeps(one, day)) ? 'HELD' : 'FREE';
  }

  protected counts(hold: Held): boolean {
    return (
      hold.ended === null &&
      (hold.expires > this.day || (hold.expires === this.day && hourOfExpiry > hourNow))
    );
  }

  private keeps(hold: Held, day: number): boolean {
    if (day < hold.from) return false;
    if (this.counts(hold)) return true;
    return day < (hold.endedDay ?? hold.expires);
  }

  protected days(from: number, to: number | null = null): number[] {
    const last = to ?? horizon;
    return Array.from({ length: Math.max(0, last - from) }, (_, index) => from + index);
  }

  protected isTaken(bed: number, elder: number, days: number[], moving?: Had, keepsOwn = false): boolean {
    return days.some(
      (day) =>
        this.closures.some((one) => one.bed === bed && has(one, day)) ||
        this.stays.some((one) => one !== moving && one.bed === bed && has(one, day)) ||
        this.holds.some(
          (one) =>
            one.bed === bed && this.counts(one) && one.from <= day && (!keepsOwn || one.elder !== elder),
        ),
    );
  }

  protected hasStay(elder: number, days: number[], moving?: Had): boolean {
    return days.some((day) =>
      this.stays.some((one) => one !== moving && one.elder === elder && has(one, day)),
    );
  }

  protected misfit(bed: number, elder: number, asksLevel = true): string | undefined {
    const { gender, type } = this.beds[bed] as ModelBed;
    const who = this.elders[elder] as ModelElder;
    if (gender !== 'ANY' && gender !== who.gender) return 'BED_NOT_SUITABLE';
    if (!asksLevel) return undefined;
    if (who.level === null) return 'NOT_ASSESSED';
    const [least, most] = levels[type];
    return who.level < least || who.level > most ? 'BED_NOT_SUITABLE' : undefined;
  }

  /** Leaves of a stay that last a day or more. */
  protected leavesOf(stay: Had): Away[] {
    return this.leaves.filter((one) => one.stay === stay && (one.to === null || one.to > one.from));
  }
}

/** Days are half-open, and those of what has not ended go on. */
export function has({ from, to }: { from: number; to: number | null }, day: number): boolean {
  return from <= day && (to === null || day < to);
}

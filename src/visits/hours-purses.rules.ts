import type { Day } from '../shared/china-time.js';
import type { GrantRow, HoursCatalog } from './hours-catalog.js';
import {
  type HoursPeriod,
  type HoursSet,
  hoursSetsInForce,
  type LookedGrant,
  lookAtGrants,
} from './hours-entitlement.rules.js';
import { type HoursPart, type HoursPurse, partsOfVisit } from './hours-split.rules.js';

/** A visit that government hours might pay. */
export interface HoursQuestion {
  elderId: number;
  serviceId: number;
  /** The station that brings it: the rules of its part of the network count. */
  stationId: number;
  /** The day of the visit; its month's hours are asked. */
  day: Day;
  /** The day whose tree says which rules are the station's; that of the first question without it. */
  treeDay?: Day;
  minutes: number;
  priceFen: number;
}

/** An elder's grant of a month or a week, made already or yet to be made, and what is left of it. */
export interface Purse extends HoursPurse {
  elderId: number;
  set: HoursSet;
  period: HoursPeriod;
  /** As the database has it; null while nobody has needed it. */
  row: GrantRow | null;
}

/**
 * What elders have left, as questions take from it one after the other. What a grant comes to follows the rules and
 * the elder's file as they stand now: an older one is made larger, or smaller by no more than what is left of it.
 */
export class Purses {
  private readonly byKey = new Map<string, Purse>();
  private readonly rows: ReadonlyMap<string, GrantRow>;

  /** @param returning minutes that are about to be given back, by the grant's id */
  constructor(
    private readonly catalog: HoursCatalog,
    private readonly returning: ReadonlyMap<number, number> = new Map(),
  ) {
    this.rows = new Map(catalog.grants.map((row) => [keyOf(row), row]));
  }

  /** Every grant in force there on that day, and why it is not the elder's; none of an elder who is not known. */
  looked(question: Pick<HoursQuestion, 'elderId' | 'stationId' | 'day' | 'treeDay'>): LookedGrant[] {
    const { elderId, stationId, day, treeDay = this.catalog.treeDay } = question;
    const elder = this.catalog.elders.get(elderId);
    if (!elder) return [];
    const places = this.catalog.placesOn(stationId, treeDay);
    return lookAtGrants(hoursSetsInForce(this.catalog.sets, places, day), elder, day);
  }

  /** What hours pay of a visit. They are taken from the purses. */
  take(question: HoursQuestion): HoursPart<Purse>[] {
    const service = this.catalog.services.get(question.serviceId);
    if (!service || this.catalog.sets.length === 0) return [];
    const purses = this.looked(question)
      .filter(({ unmet }) => unmet === null)
      .map((looked) => this.purseOf(question.elderId, looked));
    const parts = partsOfVisit({ ...service, ...question }, purses);
    for (const { purse, minutes } of parts) purse.leftMinutes -= minutes;
    return parts;
  }

  /** The purse of a grant that is the elder's. */
  purseOf(elderId: number, { set, grant, period, fromDay, toDay }: LookedGrant): Purse {
    const key = keyOf({ elderId, period, setCode: set.code, grantCode: grant.code });
    const known = this.byKey.get(key);
    if (known) return known;
    const row = this.rows.get(key) ?? null;
    const leftMinutes = row ? this.leftOf(row, grant.minutes) : grant.minutes;
    const purse = { elderId, set, grant, period: { period, fromDay, toDay }, row, leftMinutes };
    this.byKey.set(key, purse);
    return purse;
  }

  private leftOf(row: GrantRow, minutes: number): number {
    const left = row.leftMinutes + (this.returning.get(row.id) ?? 0);
    return left + adjustment({ ...row, leftMinutes: left }, minutes);
  }
}

/** By how many minutes a grant becomes what the rules say now: never by more than what is left of it. */
export function adjustment(
  { grantedMinutes, leftMinutes }: Pick<GrantRow, 'grantedMinutes' | 'leftMinutes'>,
  minutes: number,
): number {
  return Math.max(minutes - grantedMinutes, -leftMinutes);
}

function keyOf({
  elderId,
  period,
  setCode,
  grantCode,
}: Pick<GrantRow, 'elderId' | 'period' | 'setCode' | 'grantCode'>): string {
  return `${elderId} ${period} ${setCode} ${grantCode}`;
}

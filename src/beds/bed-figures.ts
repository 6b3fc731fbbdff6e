import type { EntityManager } from 'typeorm';
import { type BedType, bedTypes } from '../../entities/beds/bed.entity.js';
import { addDays, type Day } from '../shared/china-time.js';
import { engineOf } from '../shared/database.js';
import { placeholders } from '../shared/statements.js';
import { type BedCounts, countsByDay, rateOf } from './bed-count.rules.js';
import { type BedMember, bedMembers } from './bed-members.js';
import { bedSeries } from './bed-series.js';
import { sweepBeds } from './bed-sweep.js';

/** Of a part of the network over some days. */
export interface BedFigures {
  /** Days on which a bed had a resident in it. */
  occupiedDays: number;
  /** Days on which a bed was kept for a resident on leave. */
  leaveDays: number;
  /** Days on which a bed was registered, and open. */
  registeredDays: number;
  openDays: number;
  /** occupiedDays of registeredDays, and of openDays, 0 to 1. */
  perRegistered: number;
  perOpen: number;
  /** Registered nursing beds of registered beds, by days, 0 to 1. */
  nursingShare: number;
  /** Stays that ended in these days, transfers left out. */
  endedStays: number;
  /** How long they lasted from the admission on, transfers included, in days; null when none ended. */
  averageStayDays: number | null;
}

interface Window {
  within: number;
  from: Day;
  to: Day;
  now: Date;
}

/** The figures over [from, to), added up from the same days as the series and the roll-up show. */
export async function bedFigures(manager: EntityManager, asked: Window): Promise<BedFigures> {
  const series = await bedSeries(manager, asked);
  const sum = (of: (counts: BedCounts) => number) => series.reduce((total, counts) => total + of(counts), 0);
  const occupiedDays = sum(({ occupied }) => occupied);
  const registeredDays = sum(({ total }) => total);
  const openDays = sum(({ open }) => open);
  const { endedStays, stayDays } = await endedStaysIn(manager, asked);
  return {
    occupiedDays,
    leaveDays: sum(({ onLeave }) => onLeave),
    registeredDays,
    openDays,
    perRegistered: rateOf(occupiedDays, registeredDays),
    perOpen: rateOf(occupiedDays, openDays),
    nursingShare: rateOf(
      sum(({ nursing }) => nursing),
      registeredDays,
    ),
    endedStays,
    averageStayDays: endedStays === 0 ? null : stayDays / endedStays,
  };
}

/** Stays whose last day lies in the window, at facilities that stood beneath then, and how long they were. */
async function endedStaysIn(
  manager: EntityManager,
  { within, from, to }: Window,
): Promise<{ endedStays: number; stayDays: number }> {
  const { whole, parts } = await bedMembers(manager, within, from, to);
  const members = [...parts, ...whole.map((facilityId) => ({ facilityId, from, to }))];
  if (members.length === 0) return { endedStays: 0, stayDays: 0 };
  const dayNumber = engineOf(manager) === 'mysql' ? 'TO_DAYS' : 'julianday';
  const select = `SELECT COUNT(*) AS stays, COALESCE(SUM(${dayNumber}(s.toDay) - ${dayNumber}(s.admittedOn)), 0) AS days
                    FROM bed_stay s WHERE s.endReason NOT IN ('TRANSFER', 'CANCELLED') AND `;
  const groups = groupsOf(members);
  const rows: { stays: number | string; days: number | string }[] = await manager.query(
    groups
      .map(({ ids }) => `${select} s.facilityId IN (${placeholders(ids)}) AND s.toDay >= ? AND s.toDay < ?`)
      .join(' UNION ALL '),
    groups.flatMap(({ ids, from: first, to: last }) => [...ids, first, last]),
  );
  return {
    endedStays: rows.reduce((total, { stays }) => total + Number(stays), 0),
    stayDays: rows.reduce((total, { days }) => total + Number(days), 0),
  };
}

/** Facilities that stood there over the same days are asked about together. */
function groupsOf(members: readonly BedMember[]): { ids: number[]; from: Day; to: Day }[] {
  const groups = new Map<string, { ids: number[]; from: Day; to: Day }>();
  for (const { facilityId, from, to } of members) {
    const group = groups.get(`${from} ${to}`) ?? { ids: [], from, to };
    group.ids.push(facilityId);
    groups.set(`${from} ${to}`, group);
  }
  return [...groups.values()];
}

/** Free beds of a type, day by day. */
export interface FreeBeds {
  type: BedType;
  days: readonly { date: Day; free: number }[];
}

/** The day asked about and the fortnight after it. */
export const freeDays = 15;

/** Free beds by type on a day and each day of the fortnight after it, by the tree of that first day. */
export async function freeBedsByType(
  manager: EntityManager,
  { within, on, now }: { within: number; on: Day; now: Date },
): Promise<FreeBeds[]> {
  const { whole } = await bedMembers(manager, within, on, addDays(on, 1));
  const to = addDays(on, freeDays);
  const changes = await sweepBeds(manager, { facilityIds: whole, from: on, to, now, by: 'TYPE' });
  return bedTypes.map((type) => {
    const own = changes.filter((change) => change.type === type);
    return { type, days: countsByDay(own, on, to).map(({ date, free }) => ({ date, free })) };
  });
}

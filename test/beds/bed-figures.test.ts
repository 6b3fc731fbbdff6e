import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { FacilityPlacement } from '../../entities/index.js';
import type { BedCounts } from '../../src/beds/bed-count.rules.js';
import { bedFigures, freeBedsByType } from '../../src/beds/bed-figures.js';
import { bedSeries } from '../../src/beds/bed-series.js';
import { bedsOnDay } from '../../src/beds/bed-states.js';
import { closeBed } from '../../src/beds/close-bed.js';
import { countBeds } from '../../src/beds/count-beds.js';
import { discharge } from '../../src/beds/discharge.js';
import { availableBeds, countAvailableBeds } from '../../src/beds/find-beds.js';
import { endLeave, startLeave } from '../../src/beds/leave-stay.js';
import { bedsById } from '../../src/beds/read-beds.js';
import { addDays, type Day } from '../../src/shared/china-time.js';
import { expectAuditClean } from '../support/audited.js';
import { addBeds, addHome, addResident, allBeds, tryAdmit, tryHold } from '../support/beds.js';
import { statementsOf } from '../support/count-statements.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { buildTown, noon, type Town, today } from '../support/town.js';

/** A half year of life in three homes, one of which moves to another county in between. */
const from = '2026-01-01';
const to = '2026-05-01';
const movedOn = '2026-02-15';

let open: TestDatabase;
let town: Town;
let otherCountyId: number;
let homes: number[];
let bedIds: number[];
/** The last instant of the life: everything is asked as of then. */
const now = new Date(noon.getTime() + 3_600_000);

beforeAll(async () => {
  open = await openTestDatabase();
  town = await buildTown(open.database);
  otherCountyId = await addHome(town, town.cityId, 'COUNTY_CENTER');
  homes = [await addHome(town), await addHome(town), await addHome(town, town.streetId)];
  await moveHome(homes[1] as number);
  bedIds = [];
  for (const [index, home] of homes.entries()) {
    bedIds.push(
      ...(await addBeds(town, home, [
        { type: 'NURSING' },
        { type: 'GENERAL', registeredOn: '2026-01-20', inServiceFrom: '2026-02-01' },
        { type: index === 0 ? 'DAY_CARE' : 'GENERAL' },
        { type: 'NURSING', inServiceFrom: '2026-03-20' },
      ])),
    );
  }
  await live();
});
afterAll(async () => {
  await expectAuditClean(open.database);
  await open.drop();
});

async function moveHome(facilityId: number): Promise<void> {
  await open.database.write(async (manager) => {
    await manager.update(FacilityPlacement, { facilityId }, { toDay: movedOn });
    await manager.insert(FacilityPlacement, {
      facilityId,
      parentId: otherCountyId,
      fromDay: movedOn,
      toDay: null,
    });
  });
}

/** Two hundred steps of a fixed draw: many are refused, and the rest makes the life. */
async function live(): Promise<void> {
  const elderIds: number[] = [];
  for (let index = 0; index < 10; index += 1) elderIds.push(await addResident(town, { level: 2 }));
  const draw = fc.sample(fc.tuple(fc.nat(99), fc.nat(99), fc.nat(99), fc.integer({ min: 0, max: 9 })), {
    numRuns: 220,
    seed: 2026,
  });
  let day = addDays(today, -60);
  const stays: number[] = [];
  for (const [who, which, when, what] of draw) {
    if (what === 9 && day < today) day = addDays(day, 2);
    const acting = {
      byId: town.managerId,
      now: new Date(noon.getTime() + daysFrom(today, day) * 86_400_000),
    };
    const bedId = bedIds[which % bedIds.length] as number;
    const elderId = elderIds[who % elderIds.length] as number;
    const on = addDays(day, (when % 9) - 4);
    const stayId = stays[who % Math.max(1, stays.length)] ?? 0;
    if (what < 3) {
      const result = await tryAdmit(town, { bedId, elderId, from: on, now: acting.now });
      if (!('refused' in result)) stays.push(result.id);
    } else if (what === 3) {
      const expiresAt = new Date(acting.now.getTime() + (1 + (when % 5)) * 86_400_000);
      await tryHold(town, { bedId, elderId, from: day, now: acting.now, expiresAt });
    } else if (what === 4) {
      const id = await town.ids.take(1);
      const leave = { id, stayId, on, kind: 'HOME' as const, expectedBackOn: null, ...acting };
      await open.database.write((manager) => startLeave(manager, leave, allBeds));
    } else if (what === 5) {
      await open.database.write((manager) => endLeave(manager, { stayId, on, ...acting }, allBeds));
    } else if (what < 8) {
      const end = { stayId, on, reason: 'HOME', note: null, ...acting };
      await open.database.write((manager) => discharge(manager, end, allBeds));
    } else {
      const closure = { bedId, from: on, to: addDays(on, 1 + (when % 6)), reason: 'REPAIR' as const };
      await open.database.write((manager) => closeBed(manager, { ...closure, ...acting }, 'everywhere'));
    }
  }
}

function daysFrom(one: Day, other: Day): number {
  return (Date.parse(other) - Date.parse(one)) / 86_400_000;
}

/** The homes beneath a place on a day, by hand. */
function homesOf(place: number, day: Day): number[] {
  const [first = 0, moving = 0, third = 0] = homes;
  if (place === town.cityId) return [first, moving, third];
  if (place === town.countyId) return day < movedOn ? [first, moving, third] : [first, third];
  if (place === otherCountyId) return day < movedOn ? [] : [moving];
  if (place === town.streetId) return [third];
  return homes.includes(place) ? [place] : [];
}

/** Bed by bed and day by day. */
async function bruteForce(
  place: number,
  day: Day,
): Promise<BedCounts & { free: number; byType: Record<string, number> }> {
  return open.database.read(async (manager) => {
    const beds = [...(await bedsById(manager, bedIds)).values()].filter(
      ({ facilityId, registeredOn, closedOn }) =>
        homesOf(place, day).includes(facilityId) &&
        registeredOn <= day &&
        (closedOn === null || closedOn > day),
    );
    const states = await bedsOnDay(manager, beds, day, now);
    const count = (state: string) => beds.filter(({ id }) => states.get(id)?.state === state).length;
    const byType: Record<string, number> = {};
    for (const { id, type } of beds) {
      if (states.get(id)?.state === 'FREE') byType[type] = (byType[type] ?? 0) + 1;
    }
    return {
      total: beds.length,
      open: beds.length - count('OUT_OF_SERVICE'),
      occupied: count('OCCUPIED'),
      onLeave: count('ON_LEAVE'),
      held: count('HELD'),
      free: count('FREE'),
      nursing: beds.filter(({ type }) => type === 'NURSING').length,
      byType,
    };
  });
}

const places = () => [town.cityId, town.countyId, otherCountyId, town.streetId, ...homes];

it('the series, the roll-up and the figures are those of every day counted bed by bed', {
  timeout: 300_000,
}, async () => {
  const seen = { occupied: 0, onLeave: 0, held: 0, closed: 0 };
  for (const place of places()) {
    const asked = { within: place, from, to, now };
    const series = await open.database.read((manager) => bedSeries(manager, asked));
    expect(series.length).toBe(120);
    const sums = { occupied: 0, total: 0, open: 0, onLeave: 0, nursing: 0 };
    for (const [index, point] of series.entries()) {
      const { byType, ...counted } = await bruteForce(place, point.date);
      expect(point).toEqual({ date: addDays(from, index), ...counted });
      for (const name of ['occupied', 'total', 'open', 'onLeave', 'nursing'] as const)
        sums[name] += counted[name];
      seen.occupied += counted.occupied;
      seen.onLeave += counted.onLeave;
      seen.held += counted.held;
      seen.closed += counted.total - counted.open;
      if (index % 7 === 0) {
        const counts = await open.database.read((manager) => countBeds(manager, places(), point.date, now));
        expect(counts.get(place)).toEqual(counted);
        const free = await open.database.read((manager) =>
          freeBedsByType(manager, { within: place, on: point.date, now }),
        );
        for (const { type, days } of free)
          expect(days[0]).toEqual({ date: point.date, free: byType[type] ?? 0 });
      }
    }
    const figures = await open.database.read((manager) => bedFigures(manager, asked));
    expect(figures).toMatchObject({
      occupiedDays: sums.occupied,
      leaveDays: sums.onLeave,
      registeredDays: sums.total,
      openDays: sums.open,
      perRegistered: sums.total === 0 ? 0 : sums.occupied / sums.total,
      perOpen: sums.open === 0 ? 0 : sums.occupied / sums.open,
      nursingShare: sums.total === 0 ? 0 : sums.nursing / sums.total,
    });
  }
  // A life in which nothing happened would agree with anything.
  for (const [name, days] of Object.entries(seen)) expect(days, name).toBeGreaterThan(20);
});

it('the average stay is that of the stays that ended in the window, by hand', async () => {
  const rows: { admittedOn: Day; toDay: Day; facilityId: number }[] = await open.database.read((manager) =>
    manager.query(
      `SELECT CAST(admittedOn AS CHAR) AS admittedOn, CAST(toDay AS CHAR) AS toDay, facilityId FROM bed_stay
        WHERE toDay IS NOT NULL AND cancelledAt IS NULL AND endReason <> 'TRANSFER'`,
    ),
  );
  for (const place of places()) {
    const ended = rows.filter(
      ({ toDay, facilityId }) => toDay >= from && toDay < to && homesOf(place, toDay).includes(facilityId),
    );
    const days = ended.reduce((sum, { admittedOn, toDay }) => sum + daysFrom(admittedOn, toDay), 0);
    const figures = await open.database.read((manager) =>
      bedFigures(manager, { within: place, from, to, now }),
    );
    expect(figures.endedStays).toBe(ended.length);
    if (ended.length > 0) expect(figures.averageStayDays).toBeCloseTo(days / ended.length, 9);
    else expect(figures.averageStayDays).toBeNull();
  }
  expect(rows.length).toBeGreaterThan(10);
});

it('free beds are those that are free on each of the days, and the pages hold as many as are counted', async () => {
  for (const place of places()) {
    for (const [first, last] of [
      ['2026-02-01', '2026-02-04'],
      ['2026-03-08', '2026-03-12'],
      ['2026-03-20', '2026-03-21'],
    ] as const) {
      const wanted = new Set(bedIds);
      for (let day: Day = first; day < last; day = addDays(day, 1)) {
        const known = await open.database.read((manager) => bedsById(manager, bedIds));
        const states = await open.database.read((manager) =>
          bedsOnDay(manager, [...known.values()], day, now),
        );
        for (const id of bedIds) {
          const isHere = homesOf(place, '2026-03-10').includes(known.get(id)?.facilityId ?? 0);
          if (!isHere || states.get(id)?.state !== 'FREE') wanted.delete(id);
        }
      }
      const asked = { within: place, type: undefined, from: first, to: last, now };
      const page = { afterId: 0, rowsMax: 100 };
      const found = await open.database.read((manager) => availableBeds(manager, asked, page, 'everywhere'));
      expect(found.map(({ id }) => id)).toEqual([...wanted].sort((a, b) => a - b));
      const count = await open.database.read((manager) => countAvailableBeds(manager, asked, 'everywhere'));
      expect(count).toBe(wanted.size);
    }
  }
});

it('ask the database the same few questions however long the days and however large the place', async () => {
  const asks = async (within: number, last: Day) => {
    const { statements } = await statementsOf(open.database, () =>
      open.database.read((manager) => bedSeries(manager, { within, from, to: last, now })),
    );
    return statements.length;
  };
  expect(await asks(town.cityId, to)).toBe(2);
  expect(await asks(town.cityId, '2026-01-02')).toBe(2);
  expect(await asks(town.countyId, to)).toBe(3);
  const { statements } = await statementsOf(open.database, () =>
    open.database.read((manager) => countBeds(manager, places(), today, now)),
  );
  expect(statements.length).toBe(1);
});

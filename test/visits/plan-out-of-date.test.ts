import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CaregiverShift } from '../../entities/index.js';
import { keepDoor } from '../../src/elders/elder-door.js';
import { instantOn } from '../../src/shared/china-time.js';
import { changeVisit, lockTimes } from '../../src/visits/change-visit.js';
import { bookOf, expectSoundVisits, type ShownPlan } from '../support/plan-steps.js';
import { addHome, addSickLeave, bookedVisit, planDate } from '../support/planned-day.js';
import { closePlanning, server, startPlanning, station, steps, town } from '../support/planning-server.js';
import { noon } from '../support/town.js';

beforeEach(startPlanning);
afterEach(closePlanning);

/** A step that somebody takes of a visit, as all of them are taken. */
async function step(
  visitId: number,
  kind: 'CANCEL' | 'RESCHEDULE' | 'CHECK_IN',
  minutes = 0,
): Promise<boolean> {
  return server.database.write(async (manager) => {
    const [{ elderId }] = await manager.query('SELECT elderId FROM visit WHERE id = ?', [visitId]);
    const others: { caregiverId: number }[] = await manager.query(
      'SELECT caregiverId FROM visit_caregiver WHERE visitId = ? ORDER BY caregiverId',
      [visitId],
    );
    const caregiverIds = others.map(({ caregiverId }) => caregiverId);
    await lockTimes(manager, { elderIds: [elderId], caregiverIds });
    const [row] = await manager.query('SELECT * FROM visit WHERE id = ?', [visitId]);
    if (row.status === 'CANCELLED') return false;
    const startsAt = new Date(Number(row.startsAt) + minutes * 60_000);
    const endsAt = new Date(Number(row.endsAt) + minutes * 60_000);
    const visit = {
      id: visitId,
      elderId,
      stationId: row.stationId,
      version: Number(row.version),
      status: row.status,
      startsAt: new Date(Number(row.startsAt)),
      endsAt: new Date(Number(row.endsAt)),
    };
    const status = { CANCEL: 'CANCELLED', RESCHEDULE: row.status, CHECK_IN: 'IN_PROGRESS' }[kind];
    await changeVisit(manager, { visit, caregiverIds, kind, status, startsAt, endsAt, at: noon, byId: null });
    if (minutes !== 0) {
      await manager.query(
        'UPDATE visit_caregiver SET startsAt = startsAt + ?, endsAt = endsAt + ? WHERE visitId = ?',
        [minutes * 60_000, minutes * 60_000, visitId],
      );
    }
    return true;
  });
}

/** A visit that the plan does not change, by what it tells. */
async function untouched(plan: ShownPlan): Promise<number> {
  const changed = new Set((await steps.changes(plan.id)).map(({ visitId }) => Number(visitId)));
  const found = station.visitIds.find((id) => !changed.has(id));
  return found ?? 0;
}

describe('a plan is out of date', () => {
  const first = () => station.caregiverIds[0] as number;

  it.each<[string, () => Promise<{ visitIds?: number[]; caregiverIds?: number[] }>]>([
    [
      'when a visit was booked',
      async () => {
        const elderId = await addHome(town, { north: 1, east: 1 });
        const { services, stationId } = station;
        const visit = { elderId, serviceId: services.cleaning, stationId, minute: 700 };
        return { visitIds: [await bookedVisit(server.database, visit)] };
      },
    ],
    [
      'when one was called off',
      async () => {
        await step(station.visitIds[39] as number, 'CANCEL');
        return { visitIds: [station.visitIds[39] as number] };
      },
    ],
    [
      'when one was moved',
      async () => {
        await step(station.visitIds[3] as number, 'RESCHEDULE', 5);
        return { visitIds: [station.visitIds[3] as number] };
      },
    ],
    [
      'when somebody fell ill',
      async () => {
        await addSickLeave(server.database, first(), [600, 660]);
        return { caregiverIds: [first()] };
      },
    ],
    [
      'when a roster changed',
      async () => {
        await server.database.write((manager) =>
          manager.update(CaregiverShift, { caregiverId: first(), weekday: 3 }, { toMinute: 1000 }),
        );
        return { caregiverIds: [first()] };
      },
    ],
    [
      'when a certificate is gone',
      async () => {
        await server.database.write((manager) =>
          manager.query('DELETE FROM caregiver_skill WHERE caregiverId = ?', [first()]),
        );
        return { caregiverIds: [first()] };
      },
    ],
    [
      'when an elder’s door is elsewhere',
      async () => {
        const visitId = station.visitIds[5] as number;
        await server.database.write(async (manager) => {
          const [{ elderId }] = await manager.query('SELECT elderId FROM visit WHERE id = ?', [visitId]);
          const position = { latitudeMicro: 33_000_000, longitudeMicro: 112_500_000 };
          const at = new Date(noon.getTime() + 1000);
          await keepDoor(manager, elderId, { position, note: null }, { byId: town.managerId, now: at });
        });
        return { visitIds: [visitId] };
      },
    ],
  ])('%s: refused, naming it, with nothing changed', async (_what, change) => {
    const plan = await steps.planned(station.stationId, 'iterations: 5000');
    const { visitIds = [], caregiverIds = [] } = await change();
    const book = await bookOf(server.database);
    const refused = await steps.apply(plan.id);
    expect(refused).toMatchObject({ code: 'PLAN_STALE', field: ['planId'], planId: plan.id });
    expect(refused.visitIds?.map(Number)).toEqual(visitIds);
    expect(refused.caregiverIds?.map(Number)).toEqual(caregiverIds);
    expect(refused.message).toMatch(/visits \d+|caregivers 护理员/);
    expect(await bookOf(server.database)).toEqual(book);
    // A new plan knows of it.
    const again = await steps.planned(station.stationId, 'iterations: 5000');
    expect((await steps.apply(again.id)).code).toBe(undefined);
    await expectSoundVisits(server.database);
  });

  it('but not when a visit that it leaves alone begins as it was planned', async () => {
    const plan = await steps.planned(station.stationId, 'iterations: 2000, fewChanges: true');
    const visitId = await untouched(plan);
    expect(visitId).toBeGreaterThan(0);
    await step(visitId, 'CHECK_IN');
    expect((await steps.apply(plan.id)).code).toBe(undefined);
  });

  it('when its time has passed', async () => {
    const plan = await steps.planned(station.stationId, 'iterations: 5000');
    server.clock.set(instantOn(planDate, 1000), 0);
    expect(await steps.apply(plan.id)).toMatchObject({ code: 'PLAN_STALE' });
  });
});

describe('plans and bookings at the same time', () => {
  it('leave a plan that was applied whole or not at all, and a booking that stands or not, never both wrongly', async () => {
    const outcomes: string[] = [];
    for (let round = 0; round < 4; round++) {
      const plan = await steps.planned(station.stationId, `iterations: 3000, seed: ${round}`);
      const before = await bookOf(server.database);
      const target = station.visitIds[round * 4] as number;
      const [applied, cancelled] = await Promise.all([steps.apply(plan.id), step(target, 'CANCEL')]);
      expect(cancelled).toBe(true);
      const after = await bookOf(server.database);
      const changed = after.filter((line, index) => line !== before[index]).length;
      if (applied.code === undefined) {
        // The plan came first, and the visit was called off as the plan had left it.
        expect(changed).toBeGreaterThanOrEqual(Math.max(1, applied.appliedVisits ?? 0));
      } else {
        expect(applied.code).toBe('PLAN_STALE');
        expect(changed).toBe(1);
      }
      outcomes.push(applied.code ?? 'APPLIED');
      await expectSoundVisits(server.database);
    }
    expect(outcomes).toHaveLength(4);
  });

  it('of two plans of overlapping stations only one is applied, the other is out of date', async () => {
    const one = await steps.planned(station.stationId, 'iterations: 3000, seed: 1');
    const two = await steps.planned(station.stationId, 'iterations: 3000, seed: 2');
    expect(one.leftOutVisits).toBeLessThan(4);
    const answers = await Promise.all([steps.apply(one.id), steps.apply(two.id)]);
    expect(answers.map(({ code }) => code ?? 'APPLIED').sort()).toEqual(['APPLIED', 'PLAN_STALE']);
    await expectSoundVisits(server.database);
  });
});

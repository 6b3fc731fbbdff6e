import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { statementsOf } from '../support/count-statements.js';
import { bookOf, expectSoundVisits } from '../support/plan-steps.js';
import { addHome, addWorker, bookedVisit, planDate } from '../support/planned-day.js';
import { closePlanning, server, startPlanning, station, steps, town } from '../support/planning-server.js';

beforeEach(startPlanning);
afterEach(closePlanning);

describe('a day of eight caregivers and forty visits', () => {
  it('is booked soundly, planned better, and sound again when the plan is applied', async () => {
    await expectSoundVisits(server.database);
    const before = await bookOf(server.database);
    const plan = await steps.planned(station.stationId);
    expect(plan).toMatchObject({ state: 'DONE', leftOutVisits: 0, plannedVisits: 40, failure: null });
    expect(plan.costsBefore?.leftOut).toBe(4);
    expect(plan.costsAfter?.leftOut).toBe(0);
    expect(plan.costsAfter?.total).toBeLessThan(plan.costsBefore?.total ?? 0);
    // A plan changes nothing before it is applied.
    expect(await bookOf(server.database)).toEqual(before);
    const changes = await steps.changes(plan.id);
    expect(changes.length).toBeGreaterThan(3);
    const applied = await steps.apply(plan.id);
    expect(applied).toMatchObject({ id: plan.id, appliedVisits: changes.length });
    await expectSoundVisits(server.database);
    const visits: { status: string }[] = await server.database.read((manager) =>
      manager.query('SELECT status FROM visit'),
    );
    expect(visits.map(({ status }) => status)).toEqual(Array.from({ length: 40 }, () => 'ASSIGNED'));
  });

  it('writes an event with who did it for each visit that changed, and for no other', async () => {
    const plan = await steps.planned(station.stationId);
    const changes = await steps.changes(plan.id);
    await steps.apply(plan.id);
    const events: { visitId: number; kind: string; version: number; byId: number | null }[] =
      await server.database.read((manager) =>
        manager.query('SELECT visitId, kind, version, byId FROM visit_event ORDER BY visitId'),
      );
    const changed = changes.map(({ visitId }) => Number(visitId)).sort((one, other) => one - other);
    expect(events.map(({ visitId }) => visitId)).toEqual(changed);
    expect(
      new Set(events.map(({ kind, version, byId }) => [kind, Number(version), byId !== null].join())),
    ).toEqual(new Set(['ASSIGN,2,true']));
  });

  it('is planned the same with the same seed and iterations', async () => {
    const one = await steps.planned(station.stationId, 'iterations: 3000, seed: 5');
    const changes = await steps.changes(one.id);
    const again = await steps.planned(station.stationId, 'iterations: 3000, seed: 5');
    expect(again.costsAfter).toEqual(one.costsAfter);
    expect(await steps.changes(again.id)).toEqual(changes);
  });

  it('tells the differences: who and when before and after', async () => {
    const plan = await steps.planned(station.stationId);
    const requested = await server.database.read((manager) =>
      manager.query("SELECT id FROM visit WHERE status = 'REQUESTED' ORDER BY id"),
    );
    const changes = await steps.changes(plan.id);
    for (const { id } of requested) {
      const change = changes.find(({ visitId }) => Number(visitId) === id);
      expect(change).toMatchObject({ caregiversBefore: [], leftOutCode: null });
      expect(change?.caregiversAfter).toHaveLength(1);
    }
    for (const { startsAtBefore, startsAtAfter, caregiversBefore, caregiversAfter } of changes) {
      expect([startsAtAfter, caregiversAfter]).not.toEqual([startsAtBefore, caregiversBefore]);
    }
  });

  it('is applied once: again it answers the same and changes nothing', async () => {
    const plan = await steps.planned(station.stationId);
    const first = await steps.apply(plan.id);
    const book = await bookOf(server.database);
    expect(await steps.apply(plan.id)).toEqual(first);
    expect(await bookOf(server.database)).toEqual(book);
    // Another plan has nothing left to do that this one did.
    const again = await steps.planned(station.stationId);
    expect(again.costsBefore?.leftOut).toBe(0);
  });

  it('is applied once by two managers at the same time', async () => {
    const plan = await steps.planned(station.stationId);
    const answers = await Promise.all([steps.apply(plan.id), steps.apply(plan.id), steps.apply(plan.id)]);
    expect(new Set(answers.map(({ code, appliedVisits }) => code ?? appliedVisits)).size).toBe(1);
    const events = await server.database.read((manager) => manager.query('SELECT version FROM visit_event'));
    expect(events).toHaveLength(answers[0]?.appliedVisits ?? 0);
  });

  it('asks the database the same for the differences and the application, however many visits there are', async () => {
    const empty = await steps.planDay(station.stationId, 'iterations: 1000', '2026-03-12');
    expect(empty.code).toBe('NOTHING_TO_PLAN');
    const elderId = await addHome(town, { north: 1, east: 1 });
    const visit = { elderId, serviceId: station.services.cleaning, stationId: station.stationId };
    await bookedVisit(server.database, { ...visit, minute: 600, day: '2026-03-12' });
    const one = await steps.planned(station.stationId, 'iterations: 1000', '2026-03-12');
    const many = await steps.planned(station.stationId);
    const asked = async (id: string) =>
      (await statementsOf(server.database, () => steps.changes(id))).statements.length;
    expect(await asked(many.id)).toBe(await asked(one.id));
  });
});

describe('visits that cannot be planned', () => {
  it('are left out with the reason in both languages, and stay as they are', async () => {
    const { stationId, services } = station;
    const elderId = await addHome(town, { north: 0, east: 0 });
    await server.database.write((manager) => manager.query('DELETE FROM caregiver_skill'));
    const impossible = await bookedVisit(server.database, {
      elderId,
      serviceId: services.bathing,
      stationId,
      minute: 700,
    });
    const plan = await steps.planned(stationId, 'iterations: 3000');
    const [english] = (await steps.changes(plan.id)).filter(({ visitId }) => Number(visitId) === impossible);
    const [chinese] = (await steps.changes(plan.id, 'zh')).filter(
      ({ visitId }) => Number(visitId) === impossible,
    );
    expect(english).toMatchObject({ leftOutCode: 'NO_SKILL', startsAtAfter: null, caregiversAfter: [] });
    expect(english?.leftOutReason).toMatch(/[a-z]/);
    expect(chinese?.leftOutReason).toMatch(/[\u4e00-\u9fff]/);
  });

  it('keep a visit of a day off from being assigned, and take away who cannot come', async () => {
    const { stationId, services } = station;
    const late = await addWorker(server.database, { stationId, name: '夜', hours: [[1200, 1300]] });
    const elderId = await addHome(town, { north: 0, east: 0 });
    const visitId = await bookedVisit(server.database, {
      elderId,
      serviceId: services.cleaning,
      stationId,
      minute: 1380,
      caregiverIds: [late],
      flexMinutes: 0,
    });
    const plan = await steps.planned(stationId, 'iterations: 3000');
    const leftOut = (await steps.changes(plan.id)).filter(({ leftOutCode }) => leftOutCode !== null);
    expect(leftOut.map((change) => Number(change.visitId))).toContain(visitId);
    expect((await steps.apply(plan.id)).code).toBe(undefined);
    const [row] = await server.database.read((manager) =>
      manager.query('SELECT status, version FROM visit WHERE id = ?', [visitId]),
    );
    expect([row.status, Number(row.version)]).toEqual(['REQUESTED', 2]);
    await expectSoundVisits(server.database);
  });
});

describe('two-person visits and the same gender', () => {
  it('are planned with two who come together or one after the other, and by whom the elder lets in', async () => {
    const { stationId, services, visitIds } = station;
    // Room for five caregivers more on a day that is full.
    await server.database.write((manager) =>
      manager.query("UPDATE visit SET status = 'CANCELLED' WHERE id <= ?", [visitIds[9]]),
    );
    for (const serviceId of [services.bathing, services.turning, services.grooming]) {
      const elderId = await addHome(town, { north: 2, east: 2 });
      await bookedVisit(server.database, { elderId, serviceId, stationId, minute: 700, flexMinutes: 240 });
    }
    const plan = await steps.planned(stationId);
    expect(plan.leftOutVisits).toBe(0);
    await steps.apply(plan.id);
    await expectSoundVisits(server.database);
  });
});

describe('a week', () => {
  it('is planned at once, day by day', async () => {
    const { stationId, services } = station;
    for (const [index, day] of ['2026-03-12', '2026-03-13', '2026-03-14'].entries()) {
      const elderId = await addHome(town, { north: index, east: 3 });
      await bookedVisit(server.database, {
        elderId,
        serviceId: services.cleaning,
        stationId,
        minute: 600,
        day,
      });
    }
    const begun = await steps.mutation(
      'planWeek',
      `stationId: ${stationId}, date: "${planDate}", options: { iterations: 40000 }`,
    );
    const plan = await steps.over(begun.id);
    expect(plan).toMatchObject({ state: 'DONE', plannedVisits: 43, leftOutVisits: 0 });
    await steps.apply(plan.id);
    await expectSoundVisits(server.database);
  });
});

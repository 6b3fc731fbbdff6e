import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { instantOn } from '../../src/shared/china-time.js';
import { expectAuditClean } from '../support/audited.js';
import { bookOf, expectSoundVisits } from '../support/plan-steps.js';
import { addSickLeave, planDate } from '../support/planned-day.js';
import { closePlanning, server, startPlanning, station, steps } from '../support/planning-server.js';

beforeEach(startPlanning);
afterEach(closePlanning);

describe('replanning during the day', () => {
  const at = instantOn(planDate, 700);

  it('keeps what has begun, what is done, and what begins within minutes', async () => {
    const begun = station.visitIds.slice(0, 8);
    await server.database.write(async (manager) => {
      await manager.query("UPDATE visit SET status = 'COMPLETED' WHERE status = 'ASSIGNED' AND endsAt <= ?", [
        at.getTime(),
      ]);
      await manager.query(
        "UPDATE visit SET status = 'IN_PROGRESS' WHERE status = 'ASSIGNED' AND startsAt <= ? AND endsAt > ?",
        [at.getTime(), at.getTime()],
      );
    });
    server.clock.set(at, 0);
    const before = await bookOf(server.database);
    const plan = await steps.planned(station.stationId, 'iterations: 5000');
    expect(plan.state).toBe('DONE');
    await steps.apply(plan.id);
    const after = await bookOf(server.database);
    const soon = instantOn(planDate, 730).getTime();
    const kept = before.filter((line) => {
      const [, status, startsAt] = line.split(' ');
      return status !== 'REQUESTED' && Number(startsAt) < soon;
    });
    expect(kept.length).toBeGreaterThan(begun.length);
    for (const line of kept) expect(after).toContain(line);
    for (const line of after) {
      const [, status, startsAt, version] = line.split(' ');
      if (Number(version) > 1 && status === 'ASSIGNED') expect(Number(startsAt)).toBeGreaterThanOrEqual(soon);
    }
    await expectAuditClean(server.database);
  });

  it('changes little where little shall change, and still finds somebody for those who lost theirs', async () => {
    const ill = station.caregiverIds[1] as number;
    await addSickLeave(server.database, ill, [0, 1440]);
    const lost: { visitId: number }[] = await server.database.read((manager) =>
      manager.query('SELECT visitId FROM visit_caregiver WHERE caregiverId = ?', [ill]),
    );
    const few = await steps.planned(station.stationId, 'iterations: 40000, fewChanges: true');
    const many = await steps.planned(station.stationId, 'iterations: 40000');
    const changes = await steps.changes(few.id);
    expect(changes.length).toBeLessThanOrEqual((await steps.changes(many.id)).length);
    const changed = new Set(changes.map(({ visitId }) => Number(visitId)));
    for (const { visitId } of lost) expect(changed.has(visitId)).toBe(true);
    expect((await steps.apply(few.id)).code).toBe(undefined);
    await expectSoundVisits(server.database);
  });
});

describe('families', () => {
  it('are told of each visit that a plan moved, once, and of nothing that only changed hands', async () => {
    const startsOf = async () => {
      const rows: { id: number; elderId: number; startsAt: number | string }[] = await server.database.read(
        (m) => m.query('SELECT id, elderId, startsAt FROM visit ORDER BY id'),
      );
      return rows.map(({ id, elderId, startsAt }) => ({ id, elderId, startsAt: Number(startsAt) }));
    };
    const before = await startsOf();
    const plan = await steps.planned(station.stationId, 'iterations: 5000');
    const told = (): Promise<Record<string, number | string>[]> =>
      server.database.read((m) =>
        m.query(
          'SELECT elderId, insteadOf, happensAt, kind, times FROM elder_notice ORDER BY insteadOf, elderId',
        ),
      );
    expect(await told()).toEqual([]);
    expect((await steps.apply(plan.id)).code).toBe(undefined);
    expect((await steps.apply(plan.id)).code).toBe(undefined);
    const after = new Map((await startsOf()).map(({ id, startsAt }) => [id, startsAt]));
    const moved = before
      .filter(({ id, startsAt }) => after.get(id) !== startsAt)
      .sort((one, other) => one.startsAt - other.startsAt || one.elderId - other.elderId);
    expect(moved.length).toBeGreaterThan(0);
    expect(moved.length).toBeLessThan((await steps.changes(plan.id)).length);
    const asNumbers = (row: Record<string, number | string>) => [
      ...[row.kind, row.times, row.elderId, Number(row.insteadOf), Number(row.happensAt)],
    ];
    expect((await told()).map(asNumbers)).toEqual(
      moved.map(({ id, elderId, startsAt }) => ['VISIT_MOVED', 1, elderId, startsAt, after.get(id)]),
    );
  });
});

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { insertRows } from '../../src/shared/statements.js';
import { overdueQueries, takeTurn } from '../../src/visits/raise-alerts.js';
import { later, newVisit, tapOf, tapped, toldOf, visitNow } from '../support/care.js';
import { statementsOf } from '../support/count-statements.js';
import {
  closeMissedVisits,
  failures,
  look,
  nothingToLookAt,
  open,
  own,
  scannerAt,
  shortly,
  startMissedVisits,
  town,
} from '../support/missed-visits.js';
import { engine, openTestDatabase } from '../support/test-database.js';
import { noon } from '../support/town.js';

beforeAll(startMissedVisits);
beforeEach(nothingToLookAt);
afterAll(closeMissedVisits);

it('what is overdue is found by its index', async () => {
  const explain = engine === 'mysql' ? 'EXPLAIN' : 'EXPLAIN QUERY PLAN';
  // Of its own: on SQLite the connection that explained goes on seeing what it saw then.
  const apart = await openTestDatabase();
  for (const { sql, parameters } of overdueQueries(noon)) {
    const plan: object[] = await apart.writer.query(`${explain} ${sql}`, [...parameters]);
    expect(JSON.stringify(plan)).toContain('ix_visit_status');
  }
  await apart.drop();
});

it('a round asks as often with many visits that were told of as with one', async () => {
  await newVisit(town, [own]);
  await look(25);
  const { statements: one } = await statementsOf(open.database, () => look(26));
  for (let index = 0; index < 5; index += 1) await newVisit(town, [own]);
  await look(26);
  const { result, statements: six } = await statementsOf(open.database, () => look(27));
  expect([result, six.length]).toEqual([{ raised: 0, missed: 0 }, one.length]);
});

it('a round asks no more for visits of four hundred days that nobody ended', async () => {
  const { visitId } = await newVisit(town, [own]);
  const [row] = await open.database.read((m) =>
    m.query('SELECT elderId, serviceId, stationId FROM visit WHERE id = ?', [visitId]),
  );
  const begin = (fromDay: number, toDay: number) =>
    open.database.write(async (m) => {
      const columns = 'id requestId occurrence elderId serviceId stationId startsAt endsAt status subsidyFen';
      const more = 'selfPaidFen bookedAt version checkedInAt';
      const rows = Array.from({ length: toDay - fromDay }, (_, index) => {
        const startsAt = noon.getTime() - (fromDay + index + 1) * 86_400_000;
        const whose = [row.elderId, row.serviceId, row.stationId, startsAt, startsAt + 3_600_000];
        const id = 50_000 + fromDay + index;
        return [id, `old-${fromDay + index}`, 0, ...whose, 'IN_PROGRESS', 0, 0, 0, 1, startsAt];
      });
      await insertRows(m, 'visit', [...columns.split(' '), ...more.split(' ')], rows);
    });
  await begin(0, 1);
  expect((await look(1)).raised).toBe(1);
  const { statements: one } = await statementsOf(open.database, () => look(2));
  await begin(1, 400);
  expect((await look(3)).raised).toBe(399);
  const { result, statements: all } = await statementsOf(open.database, () => look(4));
  expect([result, all.length]).toEqual([{ raised: 0, missed: 0 }, one.length]);
  await open.database.write((m) => m.query("UPDATE visit SET status = 'CANCELLED' WHERE id >= 50000"));
});

describe('two servers', () => {
  it('that look at the same moment raise one alert of each kind', async () => {
    const visits = await Promise.all(Array.from({ length: 5 }, () => newVisit(town, [own])));
    const rounds = await Promise.all([look(90), look(90), look(90)]);
    expect(rounds.reduce((sum, { raised }) => sum + raised, 0)).toBe(10);
    expect(rounds.reduce((sum, { missed }) => sum + missed, 0)).toBe(5);
    for (const { visitId } of visits) {
      expect(await shortly(visitId)).toHaveLength(2);
      expect(await visitNow(town, visitId)).toMatchObject({ status: 'NO_SHOW', version: 2 });
    }
  });

  it('have one turn between them, and the next after the rest', async () => {
    const { visitId } = await newVisit(town, [own]);
    const rounds = await Promise.all([scannerAt(30), scannerAt(30), scannerAt(30)].map((one) => one.scan()));
    expect(rounds.filter((round) => round !== undefined)).toEqual([{ raised: 1, missed: 0 }]);
    expect(await scannerAt(30).scan()).toBe(undefined);
    expect(await scannerAt(31).scan()).toEqual({ raised: 0, missed: 0 });
    expect(await shortly(visitId)).toHaveLength(1);
    expect(failures).toEqual([]);
  });

  it('are not held up by a turn that a clock gave which was set back since', async () => {
    const turn = (minutes: number) =>
      open.database.write((manager) =>
        takeTurn(manager, { holder: 'one', now: later(minutes), turnMs: 60_000 }),
      );
    expect(await turn(5000)).toBe(true);
    expect(await turn(0)).toBe(true);
    expect(await turn(0)).toBe(false);
  });

  it('and a tap at that very moment: the visit is begun or told of, and an alert never stays open', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { visitId } = await newVisit(town, [own]);
      const [told] = await Promise.all([tapped(town, own, tapOf(visitId, { at: later(25) })), look(25)]);
      expect(toldOf(told)).toBe('recorded');
      expect(await visitNow(town, visitId)).toMatchObject({ status: 'IN_PROGRESS' });
      const alerts = await shortly(visitId);
      expect([[], ['NOT_BEGUN STATION WENT_ON']]).toContainEqual(alerts);
    }
  });
});

it('a server looks by itself, in rounds, and stops when it is told to', async () => {
  const { visitId } = await newVisit(town, [own]);
  const scanner = scannerAt(30, 0.02);
  scanner.start();
  const until = performance.now() + 30_000;
  while ((await shortly(visitId)).length === 0 && performance.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  await scanner.stop();
  expect(await shortly(visitId)).toEqual(['NOT_BEGUN STATION null']);
  expect(failures).toEqual([]);
});

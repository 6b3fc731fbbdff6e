import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerAlert } from '../../src/visits/answer-alert.js';
import { findVisitAlerts } from '../../src/visits/find-alerts.js';
import { raiseAlerts } from '../../src/visits/raise-alerts.js';
import {
  buildCareTown,
  type Carer,
  type CareTown,
  careRows,
  expectCareClean,
  later,
  newCarer,
  newVisit,
  toldOf,
} from '../support/care.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { noon, today } from '../support/town.js';

let open: TestDatabase;
let town: CareTown;
let own: Carer;

beforeAll(async () => {
  open = await openTestDatabase();
  town = await buildCareTown(open.database);
  own = await newCarer(town);
});
afterAll(async () => {
  await expectCareClean(open);
  await open.drop();
});

const look = (minutes: number) => raiseAlerts(open.database, later(minutes));

describe('whoever is told', () => {
  const asked = { isClosed: false, rowsMax: 50 };
  const openAt = (facilityId: number, within?: number) =>
    open.database.read((manager) => findVisitAlerts(manager, { ...asked, within }, [facilityId], today));

  it('sees elders who live alone first, then whoever waits longest, each at its place', async () => {
    const first = await newVisit(town, [own]);
    const alone = await newVisit(town, [own], { from: later(5).toISOString() });
    await open.database.write((manager) =>
      manager.query("INSERT INTO elder_category (elderId, category) VALUES (?, 'LIVING_ALONE')", [
        alone.elderId,
      ]),
    );
    await look(22);
    await look(26);
    await look(90);
    const ours = [first.visitId, alone.visitId];
    const shown = (alerts: Awaited<ReturnType<typeof openAt>>) =>
      alerts
        .filter(({ visitId }) => ours.includes(visitId))
        .map(({ visitId, level, livesAlone }) => [ours.indexOf(visitId), level, livesAlone]);
    expect(shown(await openAt(town.stationId))).toEqual([
      [1, 'STATION', true],
      [0, 'STATION', false],
    ]);
    expect(shown(await openAt(town.streetId))).toEqual([
      [1, 'STATION', true],
      [1, 'STREET', true],
      [0, 'STATION', false],
      [0, 'STREET', false],
    ]);
    expect(shown(await openAt(town.otherCountyId))).toEqual([]);
    expect(shown(await openAt(town.countyId, town.otherStationId))).toEqual([]);
  });

  it('acknowledges and closes an alert with how it ended; each refusal writes nothing', async () => {
    const { visitId } = await newVisit(town, [own]);
    await look(30);
    const [alert] = await open.database.read((manager) =>
      manager.query('SELECT id FROM visit_alert WHERE visitId = ?', [visitId]),
    );
    const answer = (given: object, scope: number[] = [town.stationId]) =>
      open.database.write((manager) =>
        answerAlert(
          manager,
          {
            queue: 'visit',
            id: alert?.id ?? 0,
            outcome: null,
            note: null,
            byId: town.managerId,
            now: noon,
            ...given,
          },
          scope,
        ),
      );
    const before = await careRows(town);
    const told = async (given: object, scope?: number[]) => {
      const answered = await answer(given, scope);
      return 'refused' in answered ? toldOf(answered) : answered;
    };
    expect(await told({ id: 999_999 })).toBe('ALERT_UNKNOWN id');
    expect(await told({}, [town.otherCountyId])).toBe('ALERT_UNKNOWN id');
    expect(await told({ note: '只有备注' })).toBe('NOTE_INVALID note');
    expect(await told({ outcome: 'OTHER' })).toBe('NOTE_INVALID note');
    expect(await told({ outcome: 'ELDER_WELL', note: 'x'.repeat(201) })).toBe('NOTE_INVALID note');
    expect(await told({ outcome: 'WENT_ON' })).toBe('VALUE_OUT_OF_RANGE outcome');
    expect(await careRows(town)).toBe(before);
    expect(await told({})).toEqual({ id: alert?.id, isClosed: false });
    expect(await told({})).toEqual({ id: alert?.id, isClosed: false });
    expect(await told({ outcome: 'ELDER_HELPED', note: '老人摔倒，已扶起' })).toEqual({
      id: alert?.id,
      isClosed: true,
    });
    expect(await told({ outcome: 'ELDER_WELL' })).toBe('WRONG_STATE id');
    const [row] = await open.writer.query('SELECT * FROM visit_alert WHERE id = ?', [alert?.id]);
    expect(row).toMatchObject({ outcome: 'ELDER_HELPED', closedById: town.managerId });
    expect(row.noteSealed).toMatch(/^v1\./);
  });
});

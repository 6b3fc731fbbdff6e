import type { EntityManager } from 'typeorm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { awaySpansOfBeds } from '../../src/beds/away-spans.js';
import { noStays } from '../../src/elders/institution-stays.js';
import { callOffAllAway } from '../../src/visits/call-off-away.js';
import { findCareAlerts, findVisitAlerts } from '../../src/visits/find-alerts.js';
import { notesOfElders } from '../../src/visits/find-care.js';
import { visitsOnDay } from '../../src/visits/find-visits.js';
import { stationSettlement } from '../../src/visits/station-settlement.js';
import { visitSlots } from '../../src/visits/visit-slots.js';
import { visitsAtStays } from '../../src/visits/visits-at-stay.js';
import { visitsDue } from '../../src/visits/visits-due.js';
import { manager as asManager, doorsOf, on } from '../support/bookings.js';
import { askedBy } from '../support/count-statements.js';
import { readWhole } from '../support/growing-tables.js';
import { elderIds, open, startLongKeptStation, town } from '../support/long-kept-station.js';
import { noon, today } from '../support/town.js';

beforeAll(startLongKeptStation, 120_000);
afterAll(() => open.drop());

const reach = { stations: 'everywhere' as const, elderIds: [], own: { accountId: 0, stations: [] } };
const statement = (month: string) => ({
  id: null,
  kind: 'STATION' as const,
  facilityId: town.stationId,
  month,
  state: 'DRAFT' as const,
});
const read = (work: (m: EntityManager) => Promise<unknown>) => () => open.database.read(work);

it.each<[string, () => () => Promise<unknown>]>([
  [
    'visitsOn of a station',
    () => read((m) => visitsOnDay(m, { day: today, stationId: town.stationId }, reach, today)),
  ],
  [
    'visitsOn of a caregiver',
    () =>
      read((m) => visitsOnDay(m, { day: today, accountId: 1 }, { ...reach, stations: [town.cityId] }, today)),
  ],
  ...[false, true].map((isClosed): [string, () => () => Promise<unknown>] => [
    `visitAlerts that are ${isClosed ? 'closed' : 'open'}`,
    () =>
      read((m) => findVisitAlerts(m, { within: town.stationId, isClosed, rowsMax: 50 }, 'everywhere', today)),
  ]),
  ...[false, true].map((isClosed): [string, () => () => Promise<unknown>] => [
    `careAlerts that are ${isClosed ? 'closed' : 'open'}`,
    () =>
      read((m) => findCareAlerts(m, { within: town.stationId, isClosed, rowsMax: 50 }, 'everywhere', today)),
  ]),
  [
    'visitsDue',
    () =>
      read((m) =>
        visitsDue(m, town.cityId, { rowsMax: 50 }, { scope: 'everywhere', now: noon, stays: noStays }),
      ),
  ],
  [
    'careNotes',
    () => read((m) => notesOfElders(m, elderIds.slice(0, 3), { rowsMax: 20, beforeId: 100_000 })),
  ],
  [
    'visitsAtStays',
    () =>
      read((m) =>
        visitsAtStays(m, town.stationId, { scope: 'everywhere', spansOf: awaySpansOfBeds, now: noon }, 50),
      ),
  ],
  [
    'visitSlots',
    () => () =>
      visitSlots(
        doorsOf(open.database),
        {
          elderId: elderIds[0] as number,
          serviceCode: 'CLEANING',
          slotsMax: 20,
          from: noon,
          to: on('2026-03-17', '00:00'),
        },
        asManager(town),
      ),
  ],
  [
    'the round that looks for elders who are away',
    () => () => callOffAllAway(open.database, awaySpansOfBeds, noon),
  ],
  ['a draft’s sums', () => read((m) => stationSettlement.draftSums(m, [town.stationId], '2026-03'))],
  [
    'a draft’s lines',
    () =>
      read((m) =>
        stationSettlement.findLines(m, statement('2026-03') as never, {}, { afterId: 0, rowsMax: 50 }),
      ),
  ],
])('%s reads no table whole that grows', async (_, workOf) => {
  const { asked } = await askedBy(open.database, workOf());
  const selects = asked.filter(({ sql }) => /^\s*(WITH|SELECT)/i.test(sql) && !sql.includes('FOR UPDATE'));
  expect(selects.length).toBeGreaterThan(0);
  const found: string[] = [];
  // Of its own: on SQLite the connection that explained goes on seeing what it saw then.
  for (const each of selects) found.push(...(await open.database.write((m) => readWhole(m, each))));
  expect(found).toEqual([]);
});

it('notes of care are read page by page, the newest first, none twice and none left out', async () => {
  const elderId = elderIds[0] as number;
  const ids: number[] = [];
  for (let beforeId: number | undefined; ; beforeId = ids.at(-1)) {
    const asked = { rowsMax: 30, beforeId };
    const page = (await open.database.read((m) => notesOfElders(m, [elderId], asked))).get(elderId) ?? [];
    if (page.length === 0) break;
    ids.push(...page.map(({ id }) => id));
  }
  const kept: { id: number }[] = await open.database.read((m) =>
    m.query('SELECT id FROM care_note WHERE elderId = ? ORDER BY id DESC', [elderId]),
  );
  expect(kept.length).toBeGreaterThan(60);
  expect(ids).toEqual(kept.map(({ id }) => id));
});

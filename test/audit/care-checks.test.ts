import { afterAll, beforeAll, expect, it } from 'vitest';
import { runChecks } from '../../src/shared/audit-check.js';
import { careChecks } from '../../src/visits/audit-care.js';
import { raiseAlerts } from '../../src/visits/raise-alerts.js';
import { rateVisit } from '../../src/visits/rate-visit.js';
import { recordCare } from '../../src/visits/record-care.js';
import {
  buildCareTown,
  type Carer,
  type CareTown,
  expectCareClean,
  later,
  metresAway,
  newCarer,
  newVisit,
  tapOf,
  tapped,
} from '../support/care.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';

let open: TestDatabase;
let town: CareTown;
let own: Carer;
let other: Carer;
let done = 0;
let missed = 0;
let blocked = 0;

beforeAll(async () => {
  open = await openTestDatabase();
  town = await buildCareTown(open.database);
  own = await newCarer(town);
  other = await newCarer(town);
  ({ visitId: done } = await newVisit(town, [own]));
  await tapped(town, own, tapOf(done));
  const note = { visitId: done, requestId: crypto.randomUUID(), note: '好', measurements: [] };
  await open.database.write((m) => recordCare(m, { ...note, now: later(1) }, own.reach));
  await tapped(town, own, tapOf(done, { kind: 'OUT', at: later(60) }));
  const everything = { stations: 'everywhere' as const, elderIds: [], own: { accountId: 0, stations: [] } };
  const rating = { visitId: done, stars: 5, comment: null, byId: town.managerId, now: later(61) };
  await open.database.write((m) => rateVisit(m, rating, everything));
  ({ visitId: missed } = await newVisit(town, [own]));
  await raiseAlerts(open.database, later(90));
  ({ visitId: blocked } = await newVisit(town, [own], { from: later(120).toISOString() }));
  for (const [kind, minutes] of [
    ['IN', 120],
    ['OUT', 180],
  ] as const) {
    const tap = { kind, at: later(minutes), isOffline: true, ...metresAway(900) };
    await tapped(town, own, tapOf(blocked, tap));
  }
  await expectCareClean(open);
});
afterAll(() => open.drop());

async function broken(): Promise<string[]> {
  const said: string[] = [];
  await open.database.read((manager) => runChecks(manager, careChecks, (line) => said.push(line)));
  return said.filter((line) => line.startsWith('BROKEN')).map((line) => line.slice('BROKEN '.length));
}

const [ofCaregiver, begins, completes, hasEvidence, waits, notOwn, told, ofVisit, , , ofCompleted] =
  careChecks.map(({ name }) => name);

it.each<[string, () => [change: string, undo: string], (string | undefined)[]]>([
  [
    'a tap of somebody else',
    () => [
      `UPDATE visit_check SET caregiverId = ${other.caregiverId} WHERE visitId = ${done} AND kind = 'IN'`,
      `UPDATE visit_check SET caregiverId = ${own.caregiverId} WHERE visitId = ${done}`,
    ],
    [ofCaregiver],
  ],
  [
    'a beginning that nobody tapped',
    () => [
      `UPDATE visit SET checkedInAt = checkedInAt - 1 WHERE id = ${done}`,
      `UPDATE visit SET checkedInAt = checkedInAt + 1 WHERE id = ${done}`,
    ],
    [begins],
  ],
  [
    'a visit that all have left and that goes on',
    () => [
      `UPDATE visit SET status = 'IN_PROGRESS' WHERE id = ${blocked}`,
      `UPDATE visit SET status = 'COMPLETED' WHERE id = ${blocked}`,
    ],
    [completes],
  ],
  [
    'evidence of a visit without taps',
    () => [
      `UPDATE visit_evidence SET visitId = ${missed} WHERE visitId = ${done}`,
      `UPDATE visit_evidence SET visitId = ${done} WHERE visitId = ${missed}`,
    ],
    [hasEvidence],
  ],
  [
    'evidence that nobody is asked to look at',
    () => [
      `UPDATE visit_evidence SET openStationId = NULL WHERE visitId = ${blocked}`,
      `UPDATE visit_evidence SET openStationId = ${town.stationId} WHERE visitId = ${blocked}`,
    ],
    [waits],
  ],
  [
    'evidence that waits elsewhere',
    () => [
      `UPDATE visit_evidence SET openStationId = ${town.otherStationId} WHERE visitId = ${blocked}`,
      `UPDATE visit_evidence SET openStationId = ${town.stationId} WHERE visitId = ${blocked}`,
    ],
    [waits],
  ],
  [
    'a decision about the own visit',
    () => [
      `UPDATE visit_evidence SET openStationId = NULL, decided = 'PAY', decidedAt = 1, decidedById = ${own.accountId} WHERE visitId = ${blocked}`,
      `UPDATE visit_evidence SET openStationId = ${town.stationId}, decided = NULL, decidedAt = NULL, decidedById = NULL WHERE visitId = ${blocked}`,
    ],
    [notOwn],
  ],
  [
    'a visit that is missed and was told to the station alone',
    () => [
      `UPDATE visit_alert SET kind = 'NOT_ENDED' WHERE visitId = ${missed} AND level = 'STREET'`,
      `UPDATE visit_alert SET kind = 'NOT_BEGUN' WHERE visitId = ${missed}`,
    ],
    [told],
  ],
  [
    'a note by somebody who was not there',
    () => [
      `UPDATE care_note SET caregiverId = ${other.caregiverId} WHERE visitId = ${done}`,
      `UPDATE care_note SET caregiverId = ${own.caregiverId} WHERE visitId = ${done}`,
    ],
    [ofVisit],
  ],
  [
    'a rating of a visit that nobody brought',
    () => [
      `UPDATE visit_rating SET visitId = ${missed} WHERE visitId = ${done}`,
      `UPDATE visit_rating SET visitId = ${done} WHERE visitId = ${missed}`,
    ],
    [ofCompleted],
  ],
])('%s', async (_, sql, names) => {
  const [change, undo] = sql();
  await open.writer.query(change);
  expect(await broken()).toEqual(names);
  await open.writer.query(undo);
  expect(await broken()).toEqual([]);
});

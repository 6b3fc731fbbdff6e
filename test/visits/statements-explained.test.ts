import type { DataSource, EntityManager } from 'typeorm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { awaySpansOfBeds } from '../../src/beds/away-spans.js';
import { noStays } from '../../src/elders/institution-stays.js';
import { cipherOf } from '../../src/shared/database-cipher.js';
import { insertRows } from '../../src/shared/statements.js';
import { callOffAllAway } from '../../src/visits/call-off-away.js';
import { findCareAlerts, findVisitAlerts } from '../../src/visits/find-alerts.js';
import { notesOfElders } from '../../src/visits/find-care.js';
import { visitsOnDay } from '../../src/visits/find-visits.js';
import { noteName } from '../../src/visits/sealed-care.js';
import { stationSettlement } from '../../src/visits/station-settlement.js';
import { visitSlots } from '../../src/visits/visit-slots.js';
import { visitsAtStays } from '../../src/visits/visits-at-stay.js';
import { visitsDue } from '../../src/visits/visits-due.js';
import {
  addElder,
  addHomeServices,
  addWorker,
  manager as asManager,
  doorsOf,
  on,
  placeStation,
} from '../support/bookings.js';
import { engine, openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { noon, today } from '../support/town.js';
import { buildTwoCounties, type TwoCounties } from '../support/two-counties.js';

/** A station's hundred days of forty visits: enough that a database does not rather read a whole table. */
const days = 100;
const perDay = 40;
/** What grows with the years; nobody reads one of these whole for an answer. */
const growing = [
  'visit',
  'visit_caregiver',
  'visit_alert',
  'visit_event',
  'visit_evidence',
  'visit_booking',
  'care_note',
  'care_alert',
  'hours_posting',
  'hours_entry',
  'station_line',
  'visit_away',
  'family_payment',
];

let open: TestDatabase;
let town: TwoCounties;
let elderIds: number[];

beforeAll(async () => {
  open = await openTestDatabase();
  town = await buildTwoCounties(open.database);
  await addHomeServices(open);
  await placeStation(town);
  const caregivers = [await addWorker(town), await addWorker(town)];
  elderIds = [];
  for (let index = 0; index < perDay; index += 1) elderIds.push(await addElder(town));
  await fill(caregivers);
  if (engine !== 'mysql') return;
  await open.database.write(async (m) => {
    for (const table of growing) await m.query(`ANALYZE TABLE ${table}`);
  });
}, 120_000);
afterAll(() => open.drop());

/** Visits that were brought and paid before today, two a day in time to come; every tenth with an alert that is closed. */
async function fill(caregivers: readonly number[]): Promise<void> {
  const start = noon.getTime() - (days - 5) * 86_400_000;
  await open.database.write(async (m) => {
    const [{ id: serviceId }] = await m.query("SELECT id FROM home_service WHERE code = 'CLEANING'");
    const rows: { startsAt: number; elderId: number; caregiverId: number; isPast: boolean }[] = [];
    for (let index = 0; index < days * perDay; index += 1) {
      const startsAt = start + Math.floor(index / perDay) * 86_400_000 + (index % 2) * 3_600_000;
      rows.push({
        startsAt,
        elderId: elderIds[index % perDay] as number,
        caregiverId: caregivers[index % 2] as number,
        isPast: startsAt < noon.getTime() - 86_400_000,
      });
    }
    const text = cipherOf(m).encrypt(noteName, '好');
    const columns = [
      'id',
      'requestId',
      'occurrence',
      'elderId',
      'serviceId',
      'stationId',
      'startsAt',
      'endsAt',
      'status',
      'subsidyFen',
      'selfPaidFen',
      'bookedAt',
      'version',
    ];
    const id = (index: number) => 10_000 + index;
    const inserts: [string, string[], unknown[][]][] = [
      [
        'visit',
        columns,
        rows.map(({ startsAt, elderId, isPast }, index) => [
          ...[id(index), `r-${index}`, 0, elderId, serviceId, town.stationId, startsAt, startsAt + 1_800_000],
          ...[isPast ? 'COMPLETED' : 'ASSIGNED', 0, 5000, 0, 1],
        ]),
      ],
      [
        'visit_caregiver',
        ['visitId', 'caregiverId', 'startsAt', 'endsAt'],
        rows.map(({ startsAt, caregiverId }, index) => [
          id(index),
          caregiverId,
          startsAt,
          startsAt + 1_800_000,
        ]),
      ],
      [
        'hours_posting',
        ['id', 'kind', 'visitId', 'step', 'elderId', 'stationId', 'openStationId', 'bookedOn', 'postedAt'],
        rows.flatMap(({ startsAt, elderId, isPast }, index) =>
          isPast
            ? [
                [
                  id(index),
                  'USE',
                  id(index),
                  2,
                  elderId,
                  town.stationId,
                  // Nearly all of it is settled.
                  index % 50 === 0 ? town.stationId : null,
                  new Date(startsAt + 28_800_000).toISOString().slice(0, 10),
                  startsAt,
                ],
              ]
            : [],
        ),
      ],
      [
        'visit_alert',
        ['visitId', 'kind', 'level', 'facilityId', 'raisedAt', 'closedAt', 'outcome'],
        rows.flatMap(({ startsAt, isPast }, index) =>
          isPast
            ? [
                [
                  id(index),
                  'NOT_BEGUN',
                  'STATION',
                  town.stationId,
                  startsAt + 1,
                  index % 500 === 0 ? null : startsAt + 2,
                  index % 500 === 0 ? null : 'WENT_ON',
                ],
              ]
            : [],
        ),
      ],
      [
        'care_note',
        ['requestId', 'visitId', 'elderId', 'caregiverId', 'textSealed', 'writtenAt'],
        rows.flatMap(({ elderId, caregiverId, startsAt, isPast }, index) =>
          isPast ? [[`n-${index}`, id(index), elderId, caregiverId, text, startsAt]] : [],
        ),
      ],
    ];
    for (const [table, names, all] of inserts) {
      for (let at = 0; at < all.length; at += 500) await insertRows(m, table, names, all.slice(at, at + 500));
    }
  });
}

interface Asked {
  sql: string;
  parameters: unknown[];
}

/** What the database was asked, with what. */
async function askedBy(work: () => Promise<unknown>): Promise<Asked[]> {
  const asked: Asked[] = [];
  const sources = new Set<DataSource>([
    await open.database.read(async ({ dataSource }) => dataSource),
    await open.database.write(async ({ dataSource }) => dataSource),
  ]);
  const loggers = [...sources].map((source) => ({ source, logger: source.logger }));
  for (const { source, logger } of loggers) {
    source.logger = Object.assign(Object.create(logger), {
      logQuery: (sql: string, parameters: unknown[] = []) => asked.push({ sql, parameters }),
    });
  }
  try {
    await work();
  } finally {
    for (const { source, logger } of loggers) source.logger = logger;
  }
  return asked.filter(({ sql }) => /^\s*(WITH|SELECT)/i.test(sql) && !sql.includes('FOR UPDATE'));
}

/** The growing tables that a statement would read whole. */
async function readWhole(m: EntityManager, { sql, parameters }: Asked): Promise<string[]> {
  const names = aliasesIn(sql);
  if (engine === 'mysql') {
    const plan: { table: string | null; type: string | null; rows: number | null }[] = await m.query(
      `EXPLAIN ${sql}`,
      parameters,
    );
    return plan
      .filter(({ table, type, rows }) => type === 'ALL' && Number(rows) > 500 && names.has(table ?? ''))
      .map(({ table }) => `${table}: ${sql}`);
  }
  const plan: { detail: string }[] = await m.query(`EXPLAIN QUERY PLAN ${sql}`, parameters);
  return plan
    .filter(({ detail }) => names.has(/^SCAN (\w+)$/.exec(detail)?.[1] ?? ''))
    .map(({ detail }) => `${detail}: ${sql}`);
}

/** What the growing tables are called in a statement. */
function aliasesIn(sql: string): Set<string> {
  const words = new Set(['JOIN', 'LEFT', 'WHERE', 'ON', 'GROUP', 'ORDER', 'UNION']);
  return new Set(
    growing.flatMap((table) =>
      [...sql.matchAll(new RegExp(`\\b(?:FROM|JOIN)\\s+${table}\\b(?:\\s+(?:AS\\s+)?(\\w+))?`, 'gi'))].map(
        ([, alias]) => (alias === undefined || words.has(alias.toUpperCase()) ? table : alias),
      ),
    ),
  );
}

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
  const asked = await askedBy(workOf());
  expect(asked.length).toBeGreaterThan(0);
  const found: string[] = [];
  // Of its own: on SQLite the connection that explained goes on seeing what it saw then.
  for (const each of asked) found.push(...(await open.database.write((m) => readWhole(m, each))));
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

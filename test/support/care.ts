import { createHash, randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { keepDoor } from '../../src/elders/elder-door.js';
import { runChecks } from '../../src/shared/audit-check.js';
import type { Database } from '../../src/shared/database.js';
import { careChecks } from '../../src/visits/audit-care.js';
import type { CheckRefusal } from '../../src/visits/check-refusals.js';
import type { GivenCheck } from '../../src/visits/given-check.rules.js';
import { type RecordedCheck, recordChecks } from '../../src/visits/record-checks.js';
import type { VisitReach } from '../../src/visits/visit-reach.js';
import { addDiner, noon } from './town.js';
import { buildTwoCounties, type TwoCounties } from './two-counties.js';
import { addCaregiver, addServices, addVisit, type VisitToAdd } from './visits.js';

/** Where the doors of these tests are. */
export const home = { latitudeMicro: 33_000_000, longitudeMicro: 112_500_000 };

/** Degrees of a place so many metres north of the doors. */
export const metresAway = (metres: number) => ({
  latitude: 33 + metres / 111_194.93,
  longitude: 112.5,
});

export interface CareTown extends TwoCounties {
  serviceId: number;
}

export async function buildCareTown(database: Database): Promise<CareTown> {
  const town = await buildTwoCounties(database);
  return { ...town, ...(await addServices(database)) };
}

/** A caregiver as the functions see one: the account, and which visits are its own. */
export interface Carer {
  accountId: number;
  caregiverId: number;
  reach: VisitReach;
}

let names = 0;

export async function newCarer(town: CareTown, accountId?: number): Promise<Carer> {
  names += 1;
  const stationId = town.stationId;
  const caregiverId = await addCaregiver(town.database, {
    stationId,
    name: `护理员${names}`,
    ...(accountId === undefined ? {} : { accountId }),
  });
  const [row]: { accountId: number }[] = await town.database.read((manager) =>
    manager.query('SELECT accountId FROM caregiver WHERE id = ?', [caregiverId]),
  );
  return carerOf(town, { caregiverId, accountId: row?.accountId ?? 0 });
}

export function carerOf({ cityId }: CareTown, ids: { caregiverId: number; accountId: number }): Carer {
  return {
    ...ids,
    reach: { stations: [], elderIds: [], own: { accountId: ids.accountId, stations: [cityId] } },
  };
}

/** An elder whose door is known, and a visit from noon to one o'clock unless said otherwise. */
export async function newVisit(
  town: CareTown,
  carers: readonly Carer[],
  given: Partial<VisitToAdd> & { hasDoor?: boolean } = {},
): Promise<{ visitId: number; elderId: number }> {
  const { hasDoor = true, ...visit } = given;
  const elderId = given.elderId ?? (await addDiner(town, { balanceFen: 0 })).elderId;
  if (hasDoor) await setDoor(town, elderId);
  const visitId = await addVisit(town.database, {
    serviceId: town.serviceId,
    stationId: town.stationId,
    caregiverIds: carers.map(({ caregiverId }) => caregiverId),
    from: noon.toISOString(),
    ...visit,
    elderId,
  });
  return { visitId, elderId };
}

export async function setDoor({ database, managerId }: CareTown, elderId: number): Promise<void> {
  await database.write((manager) =>
    keepDoor(manager, elderId, { position: home, note: '三楼，按两次铃' }, { byId: managerId, now: noon }),
  );
}

/** Minutes after noon. */
export const later = (minutes: number) => new Date(noon.getTime() + minutes * 60_000);

/** A tap at the door, live and at noon unless said otherwise. */
export function tapOf(visitId: number, given: Partial<GivenCheck> = {}): GivenCheck {
  return {
    requestId: randomUUID(),
    visitId,
    kind: 'IN',
    at: noon,
    sentAt: null,
    ...metresAway(10),
    accuracyMetres: 15,
    tag: null,
    isOffline: false,
    ...given,
  };
}

export type Told = RecordedCheck | CheckRefusal;

/** Records one tap at the time that it says, unless another is given. */
export async function tapped(
  { database }: { database: Database },
  carer: Carer,
  check: GivenCheck,
  now = check.at,
): Promise<Told> {
  const [told] = await uploaded({ database }, carer, [check], now);
  return told as Told;
}

export function uploaded(
  { database }: { database: Database },
  carer: Carer,
  checks: readonly GivenCheck[],
  now: Date,
): Promise<Told[]> {
  return database.write((manager) => recordChecks(manager, checks, carer.reach, now));
}

/** The code of a refusal with its field, or what became of a tap. */
export function toldOf(told: object): string {
  if ('refused' in told) return `${told.refused} ${(told as CheckRefusal).field?.join('.')}`;
  const { isReplayed, isForReview } = told as RecordedCheck;
  return isReplayed ? 'replayed' : isForReview ? 'for review' : 'recorded';
}

export interface VisitNow {
  status: string;
  checkedInAt: string | null;
  checkedOutAt: string | null;
  version: number;
  events: string;
  taps: number;
  score: number | null;
  decision: string | null;
  reasons: string | null;
  isOpen: boolean;
}

/** A visit with all that hangs on it. */
export async function visitNow({ database }: { database: Database }, id: number): Promise<VisitNow> {
  return database.read(async (manager) => {
    const [row] = await manager.query(
      `SELECT v.status, v.checkedInAt, v.checkedOutAt, v.version, e.score, e.decision, e.reasons, e.openStationId,
              (SELECT COUNT(*) FROM visit_check c WHERE c.visitId = v.id) AS taps
         FROM visit v LEFT JOIN visit_evidence e ON e.visitId = v.id WHERE v.id = ?`,
      [id],
    );
    const events: { kind: string; status: string }[] = await manager.query(
      'SELECT kind, status FROM visit_event WHERE visitId = ? ORDER BY version',
      [id],
    );
    const clock = (ms: number | string | null) =>
      ms === null ? null : new Date(Number(ms) + 8 * 3_600_000).toISOString().slice(11, 16);
    return {
      status: row.status,
      checkedInAt: clock(row.checkedInAt),
      checkedOutAt: clock(row.checkedOutAt),
      version: row.version,
      events: events.map(({ kind, status }) => `${kind} ${status}`).join(', '),
      taps: Number(row.taps),
      score: row.score,
      decision: row.decision,
      reasons: row.reasons,
      isOpen: row.openStationId !== null,
    };
  });
}

/** Fails with the broken checks when an invariant of carrying out does not hold. */
export async function expectCareClean({ database }: { database: Database }): Promise<void> {
  const said: string[] = [];
  await database.read((manager) => runChecks(manager, careChecks, (line) => said.push(line)));
  expect(said.filter((line) => !line.startsWith('holds'))).toEqual([]);
}

/** What stands for every row of carrying out, to see that a refusal wrote nothing. */
export async function careRows({ database }: { database: Database }): Promise<string> {
  const tables = [
    'visit_check',
    'visit_evidence',
    'visit_event',
    'visit_alert',
    'visit_objection',
    'visit_rating',
    'visit_care_terms',
    'door_tag',
    'care_note',
    'care_measurement',
    'care_limit',
    'care_alert',
    'elder_contacts',
    'home_service_item',
  ];
  return database.read(async (manager) => {
    const rows: unknown[] = [];
    for (const table of tables) rows.push(await manager.query(`SELECT * FROM ${table} ORDER BY 1, 2`));
    rows.push(
      await manager.query('SELECT id, status, version, checkedInAt, checkedOutAt FROM visit ORDER BY id'),
    );
    return createHash('sha256').update(JSON.stringify(rows)).digest('hex');
  });
}

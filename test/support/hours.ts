import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import {
  CaregiverAbsence,
  HomeService,
  HomeServicePrice,
  Visit,
  VisitBooking,
} from '../../entities/index.js';
import { proposeVersion } from '../../src/rule-versions/propose-version.js';
import { instantOn } from '../../src/shared/china-time.js';
import type { Database } from '../../src/shared/database.js';
import { isRefusal } from '../../src/shared/refusal.js';
import { lockTimes } from '../../src/visits/change-visit.js';
import { type HoursOffer, reserveHours } from '../../src/visits/hours-book.js';
import type { HoursDocument } from '../../src/visits/hours-language.rules.js';
import { hoursRules as hoursKind } from '../../src/visits/hours-rules.js';
import { hoursRules } from './hours-cases.js';
import { noon } from './town.js';

/** Rules that count at once at the stations beneath a facility; the funder BUREAU is the town's. */
export async function approveHours(
  database: Database,
  facilityId: number,
  document: HoursDocument,
  { code = 'HOURS', fromDay = '2026-01-01', toDay = null as string | null } = {},
): Promise<number> {
  const proposal = { code, facilityId, fromDay, toDay, document, byId: null, now: noon };
  const rules = await database.write((manager) =>
    proposeVersion(manager, hoursKind, proposal, { scope: 'everywhere', approved: true }),
  );
  if (isRefusal(rules)) throw new Error(`${rules.refused} ${rules.field?.join('.')}`);
  return rules.ruleSetId;
}

let services = 0;

/** A service of a group and a length, at this price. */
export function addService(
  database: Database,
  { minutes = 60, priceFen = 5000, serviceGroup = 'DAILY_CARE' as const, code = '' } = {},
): Promise<number> {
  services += 1;
  const service = {
    code: code || `SERVICE-${services}`,
    serviceGroup,
    nameZh: '服务',
    nameEn: 'Service',
    minutes,
    skill: null,
    caregivers: 1,
    preparationMinutes: 0,
    bufferMinutes: 5,
    genderRule: 'ANY' as const,
  };
  return database.write(async (manager) => {
    const { id } = await manager.save(manager.create(HomeService, service));
    await manager.insert(HomeServicePrice, { serviceId: id, fromDay: '2020-01-01', fen: priceFen });
    return id;
  });
}

export interface BookedVisit {
  elderId: number;
  serviceId: number;
  stationId: number;
  day: string;
  minutes?: number;
  priceFen?: number;
  /** Minutes since midnight. */
  at?: number;
}

/** A visit with its booking, and the hours that are reserved for it, as whoever books does it. */
export async function bookIn(
  manager: EntityManager,
  { elderId, serviceId, stationId, day, minutes = 60, priceFen = 5000, at = 600 }: BookedVisit,
): Promise<HoursOffer & { visitId: number }> {
  await lockTimes(manager, { elderIds: [elderId], caregiverIds: [] });
  const startsAt = instantOn(day, at);
  const { id: visitId } = await manager.save(
    manager.create(Visit, {
      requestId: randomUUID(),
      occurrence: 0,
      elderId,
      serviceId,
      stationId,
      startsAt,
      endsAt: instantOn(day, at + minutes),
      status: 'REQUESTED',
      subsidyFen: 0,
      selfPaidFen: priceFen,
      bookedAt: noon,
      version: 1,
    }),
  );
  const question = { elderId, serviceId, stationId, day, minutes, priceFen };
  const [offer] = await reserveHours(manager, [{ ...question, visitId }], noon);
  if (!offer) throw new Error('a visit without an offer');
  const { hoursMinutes, subsidyFen, selfPaidFen } = offer;
  await manager.update(Visit, { id: visitId }, { subsidyFen, selfPaidFen });
  await manager.insert(VisitBooking, { visitId, promisedAt: startsAt, flexMinutes: 0, hoursMinutes });
  return { ...offer, visitId };
}

/** The sums of the ledger by account and owner, those at zero left out. */
export async function hoursBalances(database: Database): Promise<Record<string, number>> {
  const rows: { account: string; ownerId: number; minutes: number; fen: number }[] = await database.read(
    (manager) =>
      manager.query(
        `SELECT account, ownerId, SUM(minutes) AS minutes, SUM(fen) AS fen FROM hours_entry
          GROUP BY account, ownerId HAVING SUM(minutes) <> 0 OR SUM(fen) <> 0 ORDER BY account, ownerId`,
      ),
  );
  return Object.fromEntries(
    rows.map(({ account, ownerId, minutes, fen }) => [
      `${account} ${ownerId}`,
      Number(minutes) + Number(fen),
    ]),
  );
}

let sets = 0;

/** A version that the command line brought in for a facility, waiting for somebody to approve it. */
export async function proposedHours(
  database: Database,
  facilityId: number,
  fromDay = '2026-05-01',
): Promise<number> {
  sets += 1;
  const document = hoursRules([{}]);
  const proposal = {
    code: `HOURS-${sets}`,
    facilityId,
    fromDay,
    toDay: null,
    document,
    byId: null,
    now: noon,
  };
  const rules = await database.write((manager) =>
    proposeVersion(manager, hoursKind, proposal, { scope: 'everywhere' }),
  );
  if (isRefusal(rules)) throw new Error(rules.refused);
  return rules.ruleSetId;
}

/** A day off next week. */
export function addAbsence(database: Database, caregiverId: number): Promise<number> {
  const absence = {
    caregiverId,
    kind: 'DAY_OFF' as const,
    startsAt: instantOn('2026-03-17', 0),
    endsAt: instantOn('2026-03-18', 0),
    recordedAt: noon,
  };
  return database.write(async (manager) => {
    const { id } = await manager.save(manager.create(CaregiverAbsence, absence));
    return id;
  });
}

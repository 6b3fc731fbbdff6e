import type { EntityManager } from 'typeorm';
import { visitStatuses } from '../../entities/visits/visit.entity.js';
import { addDays, type Day, instantOn } from '../../src/shared/china-time.js';
import { insertRows, placeholders } from '../../src/shared/statements.js';
import { writeEvents } from '../../src/visits/change-visit.js';
import { giveBackHours, offerHours, reserveHours, useHours } from '../../src/visits/hours-book.js';
import { drawOf } from '../deterministic.js';
import { serviceIds } from '../reference/home-services/insert-home-services.js';
import type { CityVisit } from './week-plan.js';

const drawLate = drawOf('minutes late');
const drawDistance = drawOf('metres from the door');
const drawOffline = drawOf('uploaded later');

type Inserted = CityVisit & { id: number };

/**
 * Books the visits of one day a week before, and, of a day that is over, carries them out: taps, evidence, hours and
 * money as the functions of booking and carrying out leave them. Whoever has a visit on the day already is left out.
 * Some forty statements, however many visits.
 */
export async function insertDay(
  manager: EntityManager,
  day: Day,
  { visits, isOver }: { visits: readonly CityVisit[]; isOver: boolean },
): Promise<number> {
  const free = await withoutBusy(manager, day, visits);
  if (free.length === 0) return 0;
  const bookedAt = instantOn(addDays(day, -7), 10 * 60);
  const inserted = await bookVisits(manager, day, free, bookedAt);
  const steps = inserted.map((visit) => stepOf(visit, 1, 'BOOK', 'ASSIGNED', bookedAt));
  if (!isOver) {
    await writeEvents(manager, steps);
    return inserted.length;
  }
  const calledOff = inserted.filter(({ fate }) => fate === 'CALLED_OFF');
  const calledOffAt = instantOn(addDays(day, -3), 15 * 60);
  await giveBackHours(
    manager,
    calledOff.map(({ id }) => id),
    calledOffAt,
  );
  steps.push(...calledOff.map((visit) => stepOf(visit, 2, 'CANCEL', 'CANCELLED', calledOffAt)));
  const brought = inserted.filter(({ fate }) => fate !== 'CALLED_OFF').map(carriedOut);
  await insertTaps(manager, brought);
  await insertEvidence(manager, brought);
  steps.push(
    ...brought.flatMap((visit) => [
      stepOf(visit, 2, 'CHECK_IN', 'IN_PROGRESS', visit.arrivedAt),
      stepOf(visit, 3, 'CHECK_OUT', 'COMPLETED', visit.leftAt),
    ]),
  );
  await writeEvents(manager, steps);
  await settleStates(manager, { calledOff, brought });
  await useHours(
    manager,
    brought.map(({ id }) => id),
    instantOn(day, 20 * 60),
  );
  return inserted.length;
}

async function withoutBusy(
  manager: EntityManager,
  day: Day,
  visits: readonly CityVisit[],
): Promise<CityVisit[]> {
  const rows: { elderId: number; caregiverId: number | null }[] = await manager.query(
    `SELECT visit.elderId, part.caregiverId FROM visit
       LEFT JOIN visit_caregiver part ON part.visitId = visit.id
      WHERE visit.status IN (${placeholders(visitStatuses)}) AND visit.startsAt >= ? AND visit.startsAt < ?`,
    [...visitStatuses, instantOn(day, 0).getTime(), instantOn(addDays(day, 1), 0).getTime()],
  );
  const elders = new Set(rows.map(({ elderId }) => elderId));
  const caregivers = new Set(rows.map(({ caregiverId }) => caregiverId));
  return visits.filter(({ elderId, caregiverId }) => !elders.has(elderId) && !caregivers.has(caregiverId));
}

/** As many rows as a statement takes without growing beyond what servers accept. */
const rowsAtOnce = 500;

async function inParts<Row>(rows: readonly Row[], insert: (part: Row[]) => Promise<unknown>): Promise<void> {
  for (let start = 0; start < rows.length; start += rowsAtOnce) {
    await insert(rows.slice(start, start + rowsAtOnce));
  }
}

async function bookVisits(
  manager: EntityManager,
  day: Day,
  visits: readonly CityVisit[],
  bookedAt: Date,
): Promise<Inserted[]> {
  const services = await serviceIds(manager);
  const questions = visits.map(({ elderId, stationId, serviceCode, minutes, fen }) => {
    return { elderId, stationId, serviceId: services.get(serviceCode) ?? 0, day, minutes, priceFen: fen };
  });
  const offers = await offerHours(manager, questions);
  const rows = visits.map((visit, index) => [
    visit.requestId,
    0,
    visit.elderId,
    questions[index]?.serviceId,
    visit.stationId,
    visit.startsAt.getTime(),
    visit.endsAt.getTime(),
    'ASSIGNED',
    offers[index]?.subsidyFen,
    offers[index]?.selfPaidFen,
    bookedAt.getTime(),
    1,
  ]);
  await inParts(rows, (part) => insertRows(manager, 'visit', visitColumns, part));
  const ids = await idsByRequest(manager, visits);
  const inserted = visits.map((visit) => ({ ...visit, id: ids.get(visit.requestId) ?? 0 }));
  await inParts(inserted, (part) =>
    insertRows(
      manager,
      'visit_caregiver',
      ['visitId', 'caregiverId', 'startsAt', 'endsAt'],
      part.map(({ id, caregiverId, startsAt, endsAt }) => [
        id,
        caregiverId,
        startsAt.getTime(),
        endsAt.getTime(),
      ]),
    ),
  );
  const agreed = inserted.map(({ id, startsAt }, index) => {
    return [id, startsAt.getTime(), 0, offers[index]?.hoursMinutes];
  });
  await inParts(agreed, (part) =>
    insertRows(manager, 'visit_booking', ['visitId', 'promisedAt', 'flexMinutes', 'hoursMinutes'], part),
  );
  const reserved = inserted.map(({ id }, index) => ({ visitId: id, ...(questions[index] as Question) }));
  await reserveHours(manager, reserved, bookedAt);
  return inserted;
}

type Question = Parameters<typeof offerHours>[1][number];

const visitColumns = [
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

async function idsByRequest(
  manager: EntityManager,
  visits: readonly CityVisit[],
): Promise<Map<string, number>> {
  const ids = new Map<string, number>();
  await inParts(visits, async (part) => {
    const rows: { id: number; requestId: string }[] = await manager.query(
      `SELECT id, requestId FROM visit WHERE requestId IN (${placeholders(part)})`,
      part.map(({ requestId }) => requestId),
    );
    for (const { id, requestId } of rows) ids.set(requestId, id);
  });
  return ids;
}

function stepOf(
  { id, startsAt }: Inserted,
  version: number,
  kind: 'BOOK' | 'CANCEL' | 'CHECK_IN' | 'CHECK_OUT',
  status: 'ASSIGNED' | 'CANCELLED' | 'IN_PROGRESS' | 'COMPLETED',
  at: Date,
) {
  return { visit: { id }, startsAt, byId: null, version, kind, status, at };
}

type Brought = Inserted & { arrivedAt: Date; leftAt: Date; metres: number; isOffline: boolean };

/** A few minutes late, some metres from the door, and, for one in eight, without a network. */
function carriedOut(visit: Inserted): Brought {
  const lateMs = Math.round(drawLate(visit.id) * 12) * 60_000;
  return {
    ...visit,
    arrivedAt: new Date(visit.startsAt.getTime() + lateMs),
    leftAt: new Date(visit.endsAt.getTime() + lateMs / 2),
    metres: Math.round(drawDistance(visit.id) * 60),
    isOffline: drawOffline(visit.id) < 0.125,
  };
}

async function insertTaps(manager: EntityManager, brought: readonly Brought[]): Promise<void> {
  const taps = brought.flatMap((visit) => [
    tapRow(visit, 'IN', visit.arrivedAt),
    tapRow(visit, 'OUT', visit.leftAt),
  ]);
  await inParts(taps, (part) => insertRows(manager, 'visit_check', tapColumns, part));
}

const tapColumns = [
  'requestId',
  'visitId',
  'caregiverId',
  'kind',
  'deviceAt',
  'sentAt',
  'receivedAt',
  'countsAt',
  'isOffline',
  'positionSealed',
  'distanceMetres',
  'accuracyMetres',
  'tag',
  'doubts',
];

/** Where exactly it was made is no longer known, as with every tap of a while ago. */
function tapRow(
  { id, requestId, caregiverId, fate, metres, isOffline, leftAt }: Brought,
  kind: 'IN' | 'OUT',
  at: Date,
) {
  const isPlaced = fate === 'PROVED';
  const receivedAt = isOffline ? leftAt.getTime() + 3_600_000 : at.getTime();
  return [
    `${requestId.slice(0, 23)}-${kind === 'IN' ? '1' : '2'}${requestId.slice(25)}`,
    id,
    caregiverId,
    kind,
    at.getTime(),
    isOffline ? receivedAt : null,
    receivedAt,
    at.getTime(),
    isOffline,
    null,
    isPlaced ? metres : null,
    isPlaced ? 20 : null,
    'NONE',
    isPlaced ? '' : 'UNPLACED',
  ];
}

async function insertEvidence(manager: EntityManager, brought: readonly Brought[]): Promise<void> {
  const rows = brought.map(({ id, stationId, fate, isOffline, leftAt }) => {
    const isProved = fate === 'PROVED';
    const score = 100 - (isProved ? 0 : 25) - (isOffline ? 5 : 0);
    const reasons = [...(isProved ? [] : ['NO_POSITION']), ...(isOffline ? ['OFFLINE'] : [])].join(' ');
    const scoredAt = leftAt.getTime() + (isOffline ? 3_600_000 : 0);
    return [id, score, isProved ? 'PAY' : 'LOOK', reasons, scoredAt, isProved ? null : stationId];
  });
  await inParts(rows, (part) =>
    insertRows(
      manager,
      'visit_evidence',
      ['visitId', 'score', 'decision', 'reasons', 'scoredAt', 'openStationId'],
      part,
    ),
  );
}

async function settleStates(
  manager: EntityManager,
  { calledOff, brought }: { calledOff: readonly Inserted[]; brought: readonly Brought[] },
): Promise<void> {
  await inParts(calledOff, (part) =>
    manager.query(
      `UPDATE visit SET status = 'CANCELLED', version = 2 WHERE id IN (${placeholders(part)})`,
      part.map(({ id }) => id),
    ),
  );
  await inParts(brought, (part) =>
    manager.query(
      `UPDATE visit SET status = 'COMPLETED', version = 3,
              checkedInAt = (SELECT tap.countsAt FROM visit_check tap WHERE tap.visitId = visit.id AND tap.kind = 'IN'),
              checkedOutAt = (SELECT tap.countsAt FROM visit_check tap WHERE tap.visitId = visit.id AND tap.kind = 'OUT')
        WHERE id IN (${placeholders(part)})`,
      part.map(({ id }) => id),
    ),
  );
}

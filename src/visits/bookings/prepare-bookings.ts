import type { EntityManager } from 'typeorm';
import type { Elder } from '../../../entities/elders/elder.entity.js';
import { coversElderBeneath, partsOf } from '../../elders/elder-scope.js';
import { coversBeneath, nowhere } from '../../network/scope.js';
import { ancestorsOf } from '../../network/tree.js';
import { type Day, dayOf } from '../../shared/china-time.js';
import { forUpdate } from '../../shared/database.js';
import { cipherOf } from '../../shared/database-cipher.js';
import { isRefusal } from '../../shared/refusal.js';
import { placeholders, type Reading, readAtOnce } from '../../shared/statements.js';
import { isUuid } from '../../shared/uuid.js';
import {
  type BookingWanted,
  faultOfBooking,
  holidaysOf,
  type PricedStarts,
  pricedStarts,
  startsOf,
  type TimeRefusal,
} from '../decide-booking.js';
import { type EarlierVisit, earlierBookings, isSameBooking } from '../earlier-booking.js';
import { byCode, type VisitedElder, visitedElders } from '../errands.js';
import type { Catalog, CatalogReader } from '../station-catalog.js';
import { refuseVisit } from '../visit-refusals.js';
import type { Booker, Situation } from '../visit-situation.js';
import type { BookingRequest } from './record-bookings.js';

/** A booking that hangs on nothing but who is free. */
export interface ReadyBooking {
  request: BookingRequest;
  situation: Situation;
  priced: PricedStarts;
}

/** It was booked already, as this visit. */
export interface BookedBefore {
  visitId: number;
}

export type PreparedBooking = ReadyBooking | BookedBefore | TimeRefusal;

export function isReady<Other extends object>(
  prepared: ReadyBooking | BookedBefore | Other,
): prepared is ReadyBooking {
  return 'request' in prepared;
}

/** What a batch reads of its elders, which it keeps locked, and of bookings with its requestIds. */
interface Known {
  elders: ReadonlyMap<number, LockedElder>;
  visited(elder: LockedElder, service: Catalog['service']): VisitedElder;
  /** Above each home station, `nowhere` for elders without one. */
  above: ReadonlyMap<number, readonly number[]>;
  earlier: ReadonlyMap<string, readonly EarlierVisit[]>;
  holidays: ReadonlySet<Day>;
  /** Who works at the elders' home stations. */
  caregivers: readonly CaregiverAt[];
}

export interface CaregiverAt {
  id: number;
  stationId: number;
}

type LockedElder = Pick<Elder, 'id' | 'status' | 'homeStationId' | 'idNumberSealed'>;

/**
 * Locks the elders of a batch and says of each booking all that does not hang on who is free: that it is refused, was
 * made before, or what it costs when. All of them are asked for on one day. Six statements at most, however many
 * bookings, and those of catalogues that were not read lately.
 */
export async function prepareBookings(
  manager: EntityManager,
  requests: readonly BookingRequest[],
  catalogOf: CatalogReader,
): Promise<{ prepared: PreparedBooking[]; caregivers: readonly CaregiverAt[] }> {
  const sound = requests.filter(({ wanted }) => !faultOf(wanted));
  const known = sound.length > 0 ? await readKnown(manager, sound) : nothingKnown;
  const prepared: PreparedBooking[] = [];
  const readOnce = onceEach(catalogOf);
  for (const request of requests) prepared.push(await prepareOne(manager, request, known, readOnce));
  return { prepared, caregivers: known.caregivers };
}

/** Of each station and service once, however many of the bookings ask for it. */
function onceEach(catalogOf: CatalogReader): CatalogReader {
  const read = new Map<string, ReturnType<CatalogReader>>();
  return (manager, question) => {
    const key = `${question.stationId} ${question.service.values.join()}`;
    const catalog = read.get(key) ?? catalogOf(manager, question);
    read.set(key, catalog);
    return catalog;
  };
}

const nothingKnown: Known = {
  elders: new Map(),
  visited: ({ id }) => ({ id, gender: null, place: null }),
  above: new Map(),
  earlier: new Map(),
  holidays: new Set(),
  caregivers: [],
};

function faultOf(wanted: BookingWanted): TimeRefusal | undefined {
  if (!isUuid(wanted.requestId)) return refuseVisit('REQUEST_ID_MALFORMED', ['input', 'requestId']);
  return faultOfBooking(wanted);
}

async function readKnown(manager: EntityManager, requests: readonly BookingRequest[]): Promise<Known> {
  const all = requests.map(({ wanted }) => wanted);
  const elderIds = [...new Set(all.map(({ elderId }) => elderId))];
  // The elders come first: their rows are the lock behind which the rest is read.
  const [elders, visited, earlier, caregivers] = await readAtOnce(
    manager,
    lockedElders(manager, elderIds),
    visitedElders(manager, elderIds),
    earlierBookings(all.map(({ requestId }) => requestId)),
    caregiversNear(elderIds),
  );
  const above = await aboveHomes(manager, requests, elders);
  return { elders, visited, earlier, caregivers, above, holidays: await holidaysOf(manager, all) };
}

function lockedElders(
  manager: EntityManager,
  elderIds: readonly number[],
): Reading<ReadonlyMap<number, LockedElder>> {
  const sql = `SELECT id, status, homeStationId, idNumberSealed FROM elder
                WHERE id IN (${placeholders(elderIds)}) ORDER BY id${forUpdate(manager)}`;
  return {
    statements: [{ sql, parameters: elderIds }],
    of: ([rows]) => new Map((rows as unknown as LockedElder[]).map((row) => [row.id, row])),
  };
}

function caregiversNear(elderIds: readonly number[]): Reading<CaregiverAt[]> {
  const sql = `SELECT id, stationId FROM caregiver
                WHERE stationId IN (SELECT homeStationId FROM elder WHERE id IN (${placeholders(elderIds)}))
                ORDER BY id`;
  return { statements: [{ sql, parameters: elderIds }], of: ([rows]) => rows as unknown as CaregiverAt[] };
}

/** Asked for those alone who see elders by places. One whom there is not is looked for as well. */
async function aboveHomes(
  manager: EntityManager,
  requests: readonly BookingRequest[],
  elders: ReadonlyMap<number, LockedElder>,
): Promise<ReadonlyMap<number, readonly number[]>> {
  const homes = requests.flatMap(({ wanted, booker }) => {
    const { places } = partsOf(booker.elders);
    const sees = places !== 'everywhere' && places.length > 0;
    return sees ? [elders.get(wanted.elderId)?.homeStationId ?? nowhere] : [];
  });
  const today = dayOf((requests[0] as BookingRequest).booker.now);
  return ancestorsOf(manager, [...new Set(homes)], today);
}

/** In the order in which refusals take precedence. */
async function prepareOne(
  manager: EntityManager,
  request: BookingRequest,
  known: Known,
  catalogOf: CatalogReader,
): Promise<PreparedBooking> {
  const { wanted, booker } = request;
  const fault = faultOf(wanted);
  if (fault) return fault;
  const starts = startsOf(wanted, known.holidays);
  const elder = elderOf(wanted, booker, known);
  const earlier = known.earlier.get(wanted.requestId);
  if (earlier) return bookedBefore(manager, { wanted, starts, earlier, elder });
  if (!starts) return refuseVisit('RECURRENCE_INVALID', ['input', 'recurrence']);
  if (elder?.status !== 'ACTIVE') return refuseVisit('ELDER_NOT_ACTIVE', ['input', 'elderId']);
  const today = dayOf(booker.now);
  const asked = { stationId: elder.homeStationId, service: byCode(wanted.serviceCode), today };
  const catalog = await catalogOf(manager, asked);
  if (!catalog) return refuseVisit('SERVICE_NOT_OFFERED', ['input', 'serviceCode']);
  const { id, places } = catalog.station;
  const isStation = coversBeneath(booker.stations, id, places);
  const situation = { ...catalog, elder, visited: known.visited(elder, catalog.service), isStation };
  const priced = pricedStarts(situation, starts, wanted, booker.now);
  return isRefusal(priced) ? priced : { request, situation, priced };
}

/** The elder as far as the caller may book for it. */
function elderOf(
  { elderId }: BookingWanted,
  { elders: scope }: Booker,
  { elders, above }: Known,
): LockedElder | undefined {
  const elder = elders.get(elderId);
  if (!elder) return undefined;
  const ancestors = above.get(elder.homeStationId ?? nowhere) ?? [];
  return coversElderBeneath(scope, elder, ancestors) ? elder : undefined;
}

/** The first answer again, to whoever may ask about the elder, whatever became of elder and visit since. */
function bookedBefore(
  manager: EntityManager,
  again: {
    wanted: BookingWanted;
    starts: readonly Date[] | undefined;
    earlier: readonly EarlierVisit[];
    elder: LockedElder | undefined;
  },
): BookedBefore | TimeRefusal {
  const { wanted, starts, earlier, elder } = again;
  if (!elder) return refuseVisit('ELDER_NOT_ACTIVE', ['input', 'elderId']);
  const isSame = isSameBooking(cipherOf(manager), earlier, wanted, starts);
  if (!isSame) return refuseVisit('REQUEST_ID_REUSED', ['input', 'requestId']);
  return { visitId: (earlier[0] as EarlierVisit).id };
}

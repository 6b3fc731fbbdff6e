import type { EntityManager } from 'typeorm';
import type { Elder } from '../../entities/elders/elder.entity.js';
import type { ElderScope } from '../elders/elder-scope.js';
import { findElder } from '../elders/find-elder.js';
import type { InstitutionStays } from '../elders/institution-stays.js';
import { covers, type Scope } from '../network/scope.js';
import { type Day, dayOf } from '../shared/china-time.js';
import {
  type BroughtService,
  broughtServices,
  byCode,
  type byIds,
  type VisitedElder,
  visitedElder,
} from './errands.js';
import { refuseVisit, type VisitRefusal } from './visit-refusals.js';
import { type Station, stationFor, visitTermsAt } from './visit-terms.js';
import type { VisitTerms } from './visit-terms.rules.js';

/** Who asks about visits, or changes them. */
export interface Booker {
  /** Whose visits it may book: elders of places, and those whose relative it is. */
  elders: ElderScope;
  /** The places of whose stations it is one of the managers. */
  stations: Scope;
  byId: number;
  now: Date;
  /** Who lives in an institution, and so is not visited at home. */
  stays: InstitutionStays;
}

/** All that does not depend on the time of the visit. */
export interface Situation {
  elder: Elder;
  visited: VisitedElder;
  service: BroughtService;
  station: Station;
  terms: VisitTerms;
  /** True when the caller manages the station: what binds families does not bind it. */
  isStation: boolean;
}

/** What changes once in months: what is brought, by which station, on which terms. */
export type Catalog = Pick<Situation, 'service' | 'station' | 'terms'>;

/** The elder, the service and the station that brings it, or why there is nothing to be booked. */
export async function readSituation(
  manager: EntityManager,
  { elderId, serviceCode }: { elderId: number; serviceCode: string },
  booker: Booker,
  path: readonly string[],
  catalogOf: CatalogReader = readCatalog,
): Promise<Situation | VisitRefusal> {
  const elder = await findElder(manager, elderId, booker.elders, dayOf(booker.now));
  if (elder?.status !== 'ACTIVE') return refuseVisit('ELDER_NOT_ACTIVE', [...path, 'elderId']);
  const asked = { stationId: elder.homeStationId, service: byCode(serviceCode), today: dayOf(booker.now) };
  const situation = await situationOf(manager, elder, await catalogOf(manager, asked), booker);
  return situation ?? refuseVisit('SERVICE_NOT_OFFERED', [...path, 'serviceCode']);
}

export interface CatalogQuestion {
  stationId: number | null;
  service: ReturnType<typeof byCode> | ReturnType<typeof byIds>;
  today: Day;
}
export type CatalogReader = (
  manager: EntityManager,
  question: CatalogQuestion,
) => Promise<Catalog | undefined>;

/** Undefined where the service is none, or where no station brings it. Four statements. */
export async function readCatalog(
  manager: EntityManager,
  { stationId, service: wanted, today }: CatalogQuestion,
): Promise<Catalog | undefined> {
  const station = await stationFor(manager, { homeStationId: stationId });
  const [service] = await broughtServices(manager, wanted);
  if (!station || !service) return undefined;
  return { service, station, terms: await visitTermsAt(manager, station.id, today) };
}

/** The same of an elder who was found; undefined without a catalogue. */
export async function situationOf(
  manager: EntityManager,
  elder: Elder,
  catalog: Catalog | undefined,
  { stations, now }: Booker,
): Promise<Situation | undefined> {
  if (!catalog) return undefined;
  const isStation = await covers(manager, stations, catalog.station.id, dayOf(now));
  return { ...catalog, elder, isStation, visited: await visitedElder(manager, elder) };
}

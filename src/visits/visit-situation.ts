import type { EntityManager } from 'typeorm';
import type { Elder } from '../../entities/elders/elder.entity.js';
import type { ElderScope } from '../elders/elder-scope.js';
import { findElder } from '../elders/find-elder.js';
import type { InstitutionStays } from '../elders/institution-stays.js';
import { covers, type Scope } from '../network/scope.js';
import { dayOf } from '../shared/china-time.js';
import { byCode, type VisitedElder, visitedElder } from './errands.js';
import { type Catalog, type CatalogReader, readCatalog } from './station-catalog.js';
import { refuseVisit, type VisitRefusal } from './visit-refusals.js';

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
export interface Situation extends Catalog {
  elder: Pick<Elder, 'id'>;
  visited: VisitedElder;
  /** True when the caller manages the station: what binds families does not bind it. */
  isStation: boolean;
}

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

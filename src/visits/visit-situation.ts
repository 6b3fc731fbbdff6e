import type { EntityManager } from 'typeorm';
import type { Elder } from '../../entities/elders/elder.entity.js';
import type { ElderScope } from '../elders/elder-scope.js';
import { findElder } from '../elders/find-elder.js';
import type { InstitutionStays } from '../elders/institution-stays.js';
import { covers, type Scope } from '../network/scope.js';
import { dayOf } from '../shared/china-time.js';
import {
  type BroughtService,
  broughtServices,
  byCode,
  type byIds,
  type VisitedElder,
  visitedElders,
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

/** The elder, the service and the station that brings it, or why there is nothing to be booked. */
export async function readSituation(
  manager: EntityManager,
  { elderId, serviceCode }: { elderId: number; serviceCode: string },
  booker: Booker,
  path: readonly string[],
): Promise<Situation | VisitRefusal> {
  const elder = await findElder(manager, elderId, booker.elders, dayOf(booker.now));
  if (elder?.status !== 'ACTIVE') return refuseVisit('ELDER_NOT_ACTIVE', [...path, 'elderId']);
  const station = await stationFor(manager, elder);
  const situation = await situationOf(manager, { elder, station, service: byCode(serviceCode) }, booker);
  return situation ?? refuseVisit('SERVICE_NOT_OFFERED', [...path, 'serviceCode']);
}

/** The same of an elder who was found, for a station and a service that are known; undefined when there is no such. */
export async function situationOf(
  manager: EntityManager,
  asked: {
    elder: Elder;
    station: Station | undefined;
    service: ReturnType<typeof byCode> | ReturnType<typeof byIds>;
  },
  { stations, now }: Booker,
): Promise<Situation | undefined> {
  const { elder, station } = asked;
  const [service] = await broughtServices(manager, asked.service);
  if (!station || !service) return undefined;
  const today = dayOf(now);
  const terms = await visitTermsAt(manager, station.id, today);
  const isStation = await covers(manager, stations, station.id, today);
  const visited = (await visitedElders(manager, [elder.id])).get(elder.id);
  if (!visited) throw new Error('the elder was found and is not there');
  return { elder, visited, service, station, terms, isStation };
}

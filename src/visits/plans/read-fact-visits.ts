import type { EntityManager } from 'typeorm';
import type { GenderRule } from '../../../entities/visits/home-service.entity.js';
import type { VisitStatus } from '../../../entities/visits/visit.entity.js';
import { placeholders } from '../../shared/statements.js';
import { type Span, visitMsMax } from '../window.rules.js';
import type { FactPart, FactVisit } from './plan-facts.js';

interface WantedVisits {
  stationIds: readonly number[];
  caregiverIds: readonly number[];
  span: Span;
}

/**
 * The visits of these stations in the span, and those elsewhere that take the time of these caregivers or of the
 * elders visited: cancelled ones left out. Where something is to be planned that reaches over the last midnight, those
 * too that begin on the day after it, for whoever goes on then. Two statements.
 */
export async function readFactVisits(
  manager: EntityManager,
  { stationIds, caregiverIds, span }: WantedVisits,
): Promise<FactVisit[]> {
  const [from, to] = [span.startsAt.getTime(), span.endsAt.getTime()];
  const stations = placeholders(stationIds);
  // Nobody has the id 0: an IN list may not be empty.
  const brought = caregiverIds.length > 0 ? caregiverIds : [0];
  // As a table of its own: asked for by IN, MariaDB would look at every visit there is.
  const wanted = `
    SELECT id FROM visit WHERE stationId IN (${stations}) AND startsAt >= ? AND startsAt < ?
    UNION
    SELECT visitId FROM visit_caregiver
     WHERE caregiverId IN (${placeholders(brought)}) AND startsAt > ? AND startsAt < ? AND endsAt > ?
    UNION
    SELECT other.id FROM visit own
      JOIN visit other ON other.elderId = own.elderId AND other.startsAt > ? AND other.startsAt < ?
       AND other.endsAt > ?
     WHERE own.stationId IN (${stations}) AND own.startsAt >= ? AND own.startsAt < ?`;
  const early = from - visitMsMax;
  const late = to + visitMsMax;
  const parameters = [
    ...stationIds,
    from,
    to,
    ...brought,
    early,
    late,
    from,
    early,
    late,
    from,
    ...stationIds,
    from,
    to,
  ];
  const visits: VisitRow[] = await manager.query(
    `SELECT visit.id, visit.elderId, visit.stationId, visit.status, visit.version, visit.startsAt, visit.endsAt,
            service.code, service.skill, service.caregivers, service.preparationMinutes, service.bufferMinutes,
            service.genderRule, pair.secondAfterMin, pair.secondAfterMax,
            booking.promisedAt, booking.flexMinutes, booking.wishedCaregiverId
       FROM (${wanted}) chosen
       JOIN visit ON visit.id = chosen.id AND visit.status <> 'CANCELLED'
       JOIN home_service service ON service.id = visit.serviceId
       LEFT JOIN home_service_pair pair ON pair.serviceId = service.id
       LEFT JOIN visit_booking booking ON booking.visitId = visit.id
      ORDER BY visit.startsAt, visit.id`,
    parameters,
  );
  const parts: PartRow[] = await manager.query(
    `SELECT part.visitId, part.caregiverId, part.startsAt, part.endsAt
       FROM (${wanted}) chosen JOIN visit_caregiver part ON part.visitId = chosen.id
      ORDER BY part.visitId, part.startsAt, part.caregiverId`,
    parameters,
  );
  const partsOf = new Map<number, FactPart[]>(visits.map(({ id }) => [id, []]));
  for (const { visitId, caregiverId, startsAt, endsAt } of parts) {
    partsOf.get(visitId)?.push({ caregiverId, ...spanOfRow({ startsAt, endsAt }) });
  }
  const all = visits.map((row) => factVisit(row, partsOf.get(row.id) ?? []));
  const goesOn = all.some(
    ({ status, startsAt, endsAt }) =>
      (status === 'REQUESTED' || status === 'ASSIGNED') && startsAt < span.endsAt && endsAt > span.endsAt,
  );
  return goesOn ? all : all.filter(({ startsAt }) => startsAt < span.endsAt);
}

function factVisit(row: VisitRow, parts: readonly FactPart[]): FactVisit {
  const { id, elderId, stationId, status, version, flexMinutes, wishedCaregiverId } = row;
  const { code, skill, caregivers, preparationMinutes, bufferMinutes, genderRule } = row;
  const span = spanOfRow(row);
  return {
    id,
    elderId,
    stationId,
    status,
    version,
    ...span,
    service: {
      code,
      skill,
      caregivers,
      preparationMinutes,
      bufferMinutes,
      genderRule,
      secondAfterMin: row.secondAfterMin ?? 0,
      secondAfterMax: row.secondAfterMax ?? 0,
    },
    promisedAt: row.promisedAt === null ? span.startsAt : new Date(Number(row.promisedAt)),
    flexMinutes: flexMinutes ?? 0,
    wishedCaregiverId,
    parts,
  };
}

function spanOfRow({ startsAt, endsAt }: Record<'startsAt' | 'endsAt', number | string>): Span {
  return { startsAt: new Date(Number(startsAt)), endsAt: new Date(Number(endsAt)) };
}

interface PartRow {
  visitId: number;
  caregiverId: number;
  startsAt: number | string;
  endsAt: number | string;
}

interface VisitRow {
  id: number;
  elderId: number;
  stationId: number;
  status: VisitStatus;
  version: number;
  startsAt: number | string;
  endsAt: number | string;
  code: string;
  skill: string | null;
  caregivers: number;
  preparationMinutes: number;
  bufferMinutes: number;
  genderRule: GenderRule;
  secondAfterMin: number | null;
  secondAfterMax: number | null;
  promisedAt: number | string | null;
  flexMinutes: number | null;
  wishedCaregiverId: number | null;
}

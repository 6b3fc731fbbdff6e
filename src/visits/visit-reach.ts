import type { WindowHolder } from '../elders/elder-windows.js';
import type { Scope } from '../network/scope.js';
import { type SqlPart, withBeneath } from '../network/tree.js';
import type { Day } from '../shared/china-time.js';
import { placeholders } from '../shared/statements.js';

/** Which visits a caller sees; one out of reach is as unknown. */
export interface VisitReach {
  /** Every visit of the stations at these facilities and beneath. */
  stations: Scope;
  /** And every visit to these elders. */
  elderIds: readonly number[];
  /** And those that somebody brings as a caregiver, as far as its grants hold at their stations. */
  own: WindowHolder;
}

/** A WITH, and a condition on a row of `visit`. */
export interface ReachSql {
  with: SqlPart;
  where: SqlPart;
}

/** The one condition that every list, count and look-up of visits has in it. */
export function withinReach({ stations, elderIds, own }: VisitReach, today: Day): ReachSql {
  const placed = stations === 'everywhere' ? [] : stations;
  const ownStations = own.stations === 'everywhere' ? [] : own.stations;
  const roots = [...new Set([...placed, ...ownStations])];
  const conditions: SqlPart[] = [];
  if (stations === 'everywhere') conditions.push({ sql: '1 = 1', parameters: [] });
  else if (placed.length > 0) conditions.push(atStations(placed));
  if (elderIds.length > 0) {
    conditions.push({ sql: `visit.elderId IN (${placeholders(elderIds)})`, parameters: [...elderIds] });
  }
  if (ownStations.length > 0) conditions.push(broughtBy(own.accountId, ownStations));
  return {
    with: roots.length === 0 ? { sql: '', parameters: [] } : withBeneath(roots, today),
    where: {
      sql: conditions.length === 0 ? '1 = 0' : `(${conditions.map(({ sql }) => sql).join(' OR ')})`,
      parameters: conditions.flatMap(({ parameters }) => parameters),
    },
  };
}

function atStations(roots: readonly number[]): SqlPart {
  const beneath = `SELECT facilityId FROM beneath WHERE rootId IN (${placeholders(roots)})`;
  return { sql: `visit.stationId IN (${beneath})`, parameters: [...roots] };
}

function broughtBy(accountId: number, roots: readonly number[]): SqlPart {
  const station = atStations(roots);
  return {
    sql: `(${station.sql} AND EXISTS (
             SELECT 1 FROM visit_caregiver own JOIN caregiver ON caregiver.id = own.caregiverId
              WHERE own.visitId = visit.id AND caregiver.accountId = ?))`,
    parameters: [...station.parameters, accountId],
  };
}

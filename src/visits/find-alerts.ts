import type { EntityManager } from 'typeorm';
import type { CareAlertOutcome } from '../../entities/visits/care-alert.entity.js';
import type { MeasurementKind } from '../../entities/visits/care-measurement.entity.js';
import type {
  VisitAlertKind,
  VisitAlertLevel,
  VisitAlertOutcome,
} from '../../entities/visits/visit-alert.entity.js';
import { narrowed, type Scope } from '../network/scope.js';
import { type SqlPart, withBeneath } from '../network/tree.js';
import type { Day } from '../shared/china-time.js';
import { cipherOf } from '../shared/database-cipher.js';
import { careAlertNoteName, measurementName, visitAlertNoteName } from './sealed-care.js';

/** Which alerts are asked for: open ones, the most urgent first, or closed ones, the newest first. */
export interface AlertsAsked {
  within?: number | undefined;
  isClosed: boolean;
  rowsMax: number;
}

interface AlertRow {
  id: number;
  visitId: number;
  raisedAt: number | string;
  acknowledgedAt: number | string | null;
  acknowledgedByName: string | null;
  closedAt: number | string | null;
  closedByName: string | null;
  noteSealed: string | null;
}

export interface FoundAlert {
  id: number;
  visitId: number;
  raisedAt: Date;
  acknowledgedAt: Date | null;
  acknowledgedByName: string | null;
  closedAt: Date | null;
  closedByName: string | null;
  note: string | null;
}

export interface FoundVisitAlert extends FoundAlert {
  kind: VisitAlertKind;
  level: VisitAlertLevel;
  facilityId: number;
  livesAlone: boolean;
  outcome: VisitAlertOutcome | null;
}

const people = `LEFT JOIN account known ON known.id = alert.acknowledgedById
  LEFT JOIN account closer ON closer.id = alert.closedById`;
const shared = `alert.id, alert.raisedAt, alert.acknowledgedAt, known.name AS acknowledgedByName, alert.closedAt,
  closer.name AS closedByName, alert.noteSealed, alert.outcome`;

/** Alerts about visits: of those that are open, elders who live alone come first, then whoever waits longest. */
export async function findVisitAlerts(
  manager: EntityManager,
  { within, isClosed, rowsMax }: AlertsAsked,
  scope: Scope,
  today: Day,
): Promise<FoundVisitAlert[]> {
  const area = await areaOf(manager, scope, within, today);
  const rows: (AlertRow & Omit<FoundVisitAlert, keyof FoundAlert> & { livesAlone: number | boolean })[] =
    await manager.query(
      `${area?.sql ?? ''}
       SELECT ${shared}, alert.visitId, alert.kind, alert.level, alert.facilityId,
              EXISTS (SELECT 1 FROM elder_category k
                       WHERE k.elderId = visit.elderId AND k.category = 'LIVING_ALONE') AS livesAlone
         FROM visit_alert alert JOIN visit ON visit.id = alert.visitId ${people}
        WHERE alert.closedAt IS ${isClosed ? 'NOT ' : ''}NULL
          ${area ? 'AND alert.facilityId IN (SELECT facilityId FROM beneath)' : ''}
        ORDER BY ${isClosed ? 'alert.closedAt DESC, alert.id DESC' : 'livesAlone DESC, alert.raisedAt, alert.id'}
        LIMIT ?`,
      [...(area?.parameters ?? []), rowsMax],
    );
  return rows.map(({ kind, level, facilityId, livesAlone, outcome, ...row }) => ({
    ...alertFrom(manager, row, visitAlertNoteName),
    kind,
    level,
    facilityId,
    livesAlone: Boolean(livesAlone),
    outcome,
  }));
}

export interface FoundCareAlert extends FoundAlert {
  direction: 'LOW' | 'HIGH';
  stationId: number;
  kind: MeasurementKind;
  /** Tenths of the unit. */
  tenths: number;
  outcome: CareAlertOutcome | null;
}

/** Alerts about measurements: of those that are open, whoever waits longest comes first. */
export async function findCareAlerts(
  manager: EntityManager,
  { within, isClosed, rowsMax }: AlertsAsked,
  scope: Scope,
  today: Day,
): Promise<FoundCareAlert[]> {
  const area = await areaOf(manager, scope, within, today);
  const rows: (AlertRow & Omit<FoundCareAlert, keyof FoundAlert | 'tenths'> & { valueSealed: string })[] =
    await manager.query(
      `${area?.sql ?? ''}
       SELECT ${shared}, measurement.visitId, alert.direction, alert.stationId, measurement.kind,
              measurement.valueSealed
         FROM care_alert alert JOIN care_measurement measurement ON measurement.id = alert.measurementId ${people}
        WHERE alert.closedAt IS ${isClosed ? 'NOT ' : ''}NULL
          ${area ? 'AND alert.stationId IN (SELECT facilityId FROM beneath)' : ''}
        ORDER BY ${isClosed ? 'alert.closedAt DESC, alert.id DESC' : 'alert.raisedAt, alert.id'}
        LIMIT ?`,
      [...(area?.parameters ?? []), rowsMax],
    );
  const cipher = cipherOf(manager);
  return rows.map(({ direction, stationId, kind, valueSealed, outcome, ...row }) => ({
    ...alertFrom(manager, row, careAlertNoteName),
    direction,
    stationId,
    kind,
    tenths: Number(cipher.decrypt(measurementName, valueSealed)),
    outcome,
  }));
}

async function areaOf(
  manager: EntityManager,
  scope: Scope,
  within: number | undefined,
  today: Day,
): Promise<SqlPart | undefined> {
  const places = await narrowed(manager, scope, within, today);
  return places === 'everywhere' ? undefined : withBeneath(places, today);
}

function alertFrom(manager: EntityManager, row: AlertRow, noteName: (id: number) => string): FoundAlert {
  const { id, visitId, raisedAt, acknowledgedAt, acknowledgedByName, closedAt, closedByName, noteSealed } =
    row;
  return {
    id,
    visitId,
    raisedAt: new Date(Number(raisedAt)),
    acknowledgedAt: acknowledgedAt === null ? null : new Date(Number(acknowledgedAt)),
    acknowledgedByName,
    closedAt: closedAt === null ? null : new Date(Number(closedAt)),
    closedByName,
    note: noteSealed === null ? null : cipherOf(manager).decrypt(noteName(id), noteSealed),
  };
}

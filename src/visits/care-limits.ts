import type { EntityManager } from 'typeorm';
import { type MeasurementKind, measurementKinds } from '../../entities/visits/care-measurement.entity.js';
import type { AuditedState } from '../audit-log/write-on-record.js';
import type { ElderScope } from '../elders/elder-scope.js';
import { elderState } from '../elders/elder-state.js';
import { lockElder } from '../elders/find-elder.js';
import type { Scope } from '../network/scope.js';
import { withAbove } from '../network/tree.js';
import { type Day, dayOf } from '../shared/china-time.js';
import { isRefusal } from '../shared/refusal.js';
import { insertRows, placeholders } from '../shared/statements.js';
import { type CareRefusal, refuseCare } from './care-refusals.js';
import { lockedFacility } from './care-terms.js';
import { type Limits, measuredKinds } from './measurement.rules.js';

export type LimitSource = 'ELDER' | 'FACILITY' | 'DEFAULT';

export interface LimitInForce extends Limits {
  kind: MeasurementKind;
  source: LimitSource;
}

/** Whose limits are asked for, and from which station the elder is visited. */
export interface LimitsAsked {
  elderId: number;
  stationId: number | null;
}

/** What counts for an elder: its own limits, those of the nearest facility above the station, defaults. */
export async function limitsFor(
  manager: EntityManager,
  asked: LimitsAsked,
  day: Day,
): Promise<Map<MeasurementKind, LimitInForce>> {
  const limits = await limitsOfElders(manager, [asked], day);
  return limits.get(asked.elderId) as Map<MeasurementKind, LimitInForce>;
}

/** The same of many elders. Two statements. */
export async function limitsOfElders(
  manager: EntityManager,
  asked: readonly LimitsAsked[],
  day: Day,
): Promise<Map<number, Map<MeasurementKind, LimitInForce>>> {
  const stationIds = [...new Set(asked.flatMap(({ stationId }) => stationId ?? []))];
  const elderIds = asked.map(({ elderId }) => elderId);
  const above = withAbove(stationIds, day);
  const ofPlaces: (LimitRow & { startId: number })[] = await manager.query(
    `${above.sql}
     SELECT places.startId, care_limit.kind, care_limit.low, care_limit.high
       FROM (SELECT facilityId AS startId, ancestorId, distance FROM above
             UNION ALL
             SELECT id, id, 0 FROM facility WHERE id IN (${placeholders(stationIds) || 'NULL'})) places
       JOIN care_limit ON care_limit.facilityId = places.ancestorId
      ORDER BY places.startId, places.distance DESC`,
    [...above.parameters, ...stationIds],
  );
  const own: (LimitRow & { elderId: number })[] = await manager.query(
    `SELECT elderId, kind, low, high FROM care_limit WHERE elderId IN (${placeholders(elderIds) || 'NULL'})`,
    elderIds,
  );
  return new Map(
    asked.map(({ elderId, stationId }) => {
      // The nearest facility comes last among them, and the elder's own after all.
      const limits = [
        ...measurementKinds.map((kind) => limitOf({ kind, ...measuredKinds[kind] }, 'DEFAULT')),
        ...ofPlaces.filter(({ startId }) => startId === stationId).map((row) => limitOf(row, 'FACILITY')),
        ...own.filter((row) => row.elderId === elderId).map((row) => limitOf(row, 'ELDER')),
      ];
      return [elderId, new Map(limits.map((limit) => [limit.kind, limit]))];
    }),
  );
}

type LimitRow = Limits & { kind: MeasurementKind };

function limitOf({ kind, low, high }: LimitRow, source: LimitSource): LimitInForce {
  return { kind, low, high, source };
}

export interface WantedLimit extends Limits {
  /** One of the two. */
  elderId: number | null;
  facilityId: number | null;
  kind: MeasurementKind;
  /** True to have no limit of one's own any more. */
  isWithdrawn: boolean;
  byId: number;
  now: Date;
}

export interface LimitScopes {
  elders: ElderScope;
  places: Scope;
}

/** Sets beyond what a measurement alerts, of an elder or of a facility and all beneath it, in the place of what was. */
export async function setCareLimit(
  manager: EntityManager,
  wanted: WantedLimit,
  scopes: LimitScopes,
): Promise<LimitInForce | CareRefusal> {
  const { elderId, facilityId, kind, low, high, isWithdrawn, byId, now } = wanted;
  const fault = await faultOf(manager, wanted, scopes);
  if (fault) return fault;
  const [column, id] = elderId === null ? ['facilityId', facilityId] : ['elderId', elderId];
  await manager.query(`DELETE FROM care_limit WHERE ${column} = ? AND kind = ?`, [id, kind]);
  if (!isWithdrawn) {
    await insertRows(
      manager,
      'care_limit',
      ['elderId', 'facilityId', 'kind', 'low', 'high', 'setAt', 'setById'],
      [[elderId, facilityId, kind, low, high, now.getTime(), byId]],
    );
  }
  const stationId = elderId === null ? facilityId : await homeStationOf(manager, elderId);
  const limits = await limitsFor(manager, { elderId: elderId ?? 0, stationId }, dayOf(now));
  return limits.get(kind) as LimitInForce;
}

async function faultOf(
  manager: EntityManager,
  { elderId, facilityId, kind, low, high, now }: WantedLimit,
  { elders, places }: LimitScopes,
): Promise<CareRefusal | undefined> {
  const { min, max } = measuredKinds[kind];
  if (elderId !== null) {
    const elder = await lockElder(manager, elderId, elders, dayOf(now));
    if (!elder) return refuseCare('ELDER_UNKNOWN', ['input', 'elderId']);
    if (elder.status !== 'ACTIVE') return refuseCare('ELDER_NOT_ACTIVE', ['input', 'elderId']);
  } else {
    const facility = await lockedFacility(manager, facilityId ?? 0, places, dayOf(now));
    if (isRefusal(facility)) return facility;
  }
  const text = {
    zh: `须在 ${min / 10} 至 ${max / 10} 之间，下限不高于上限`,
    en: `must be ${min / 10} to ${max / 10}, and low at most high`,
  };
  for (const [name, value] of [
    ['low', low],
    ['high', high],
  ] as const) {
    if (value !== null && (value < min || value > max)) {
      return refuseCare('VALUE_OUT_OF_RANGE', ['input', name], text);
    }
  }
  if (low !== null && high !== null && low > high)
    return refuseCare('VALUE_OUT_OF_RANGE', ['input', 'high'], text);
  return undefined;
}

async function homeStationOf(manager: EntityManager, elderId: number): Promise<number | null> {
  const rows: { homeStationId: number | null }[] = await manager.query(
    'SELECT homeStationId FROM elder WHERE id = ?',
    [elderId],
  );
  return rows[0]?.homeStationId ?? null;
}

/** Whose limit it is, as the audit log shows it. The values of an elder tell of health and stay out of it. */
export async function careLimitState(
  manager: EntityManager,
  { elderId, facilityId, kind }: Pick<WantedLimit, 'elderId' | 'facilityId' | 'kind'>,
): Promise<AuditedState | undefined> {
  if (elderId !== null) {
    const state = await elderState(manager, elderId);
    return state && { about: state.about, values: { kind } };
  }
  const rows: { low: number | null; high: number | null }[] = await manager.query(
    'SELECT low, high FROM care_limit WHERE facilityId = ? AND kind = ?',
    [facilityId ?? 0, kind],
  );
  const places: { id: number }[] = await manager.query('SELECT id FROM facility WHERE id = ?', [
    facilityId ?? 0,
  ]);
  const about = places[0] ? { facilityId, subject: `facility:${facilityId}` } : {};
  return { about, values: { kind, ...rows[0] } };
}

import { Arg, Ctx, FieldResolver, ID, Int, Mutation, Resolver, Root } from 'type-graphql';
import type { MeasurementKind } from '../../entities/visits/care-measurement.entity.js';
import { isRefusal } from '../../src/shared/refusal.js';
import { careLimitState, type LimitInForce, setCareLimit } from '../../src/visits/care-limits.js';
import { careVisitState } from '../../src/visits/care-state.js';
import { measuredKinds } from '../../src/visits/measurement.rules.js';
import { recordCare } from '../../src/visits/record-care.js';
import type { Context } from '../context.js';
import { ElderType } from '../elders/elder.type.js';
import { badUserInput } from '../shared/errors.js';
import { idOf } from '../shared/ids.js';
import { readPage } from '../shared/paging.js';
import { shownRefusal } from '../shared/refusal.js';
import {
  CareLimitInput,
  CareLimitResultUnion,
  CareLimitType,
  CareNoteType,
  CareRecordInput,
  CareRecordResultUnion,
  MeasurementKindEnum,
  MeasurementType,
} from './care-record.type.js';

const pageSize = 20;
const before = 'The id of the last one of the page before: older ones than it alone. The newest without it.';
const first = 'How many at most, 0 to 200, the newest first.';

/** What caregivers write down and measure, and beyond what it alerts. */
@Resolver(() => ElderType)
export class CareRecordResolver {
  @Mutation(() => CareRecordResultUnion, {
    description:
      '[caregiver] Writes down what was seen and measured at a visit of the caller’s own, from its check-in to the day after it.',
  })
  async recordCare(
    @Ctx() context: Context,
    @Arg('input', () => CareRecordInput, { description: 'What was seen and measured.' })
    input: CareRecordInput,
  ): Promise<typeof CareRecordResultUnion> {
    const { requestId, note = null, measurements } = input;
    const visitId = idOf(input.visitId) ?? 0;
    const reach = context.visitReachFor('recordCare');
    const given = { visitId, requestId, note, measurements, now: context.now };
    const result = await context.audit.write((manager) => recordCare(manager, given, reach), {
      state: (manager) => careVisitState(manager, visitId),
      told: () => ({
        asked: {
          visitId: String(visitId),
          requestId,
          hasNote: note !== null,
          measurements: measurements.length,
        },
      }),
    });
    context.forgetLoaders();
    if (isRefusal(result)) return shownRefusal(result, context.language);
    const shown = result.measurements.map(({ kind, tenths, beyond }) => ({
      kind,
      value: tenths / 10,
      beyond,
    }));
    return { ...result, measurements: shown };
  }

  @Mutation(() => CareLimitResultUnion, {
    description: '[manager] Sets beyond what a measurement of an elder, or beneath a facility, alerts.',
  })
  async setCareLimit(
    @Ctx() context: Context,
    @Arg('input', () => CareLimitInput, { description: 'The limits, in the unit of the kind.' })
    input: CareLimitInput,
  ): Promise<typeof CareLimitResultUnion> {
    const idGiven = (id: string | null | undefined) => (typeof id === 'string' ? (idOf(id) ?? 0) : null);
    const [elderId, facilityId] = [idGiven(input.elderId), idGiven(input.facilityId)];
    if ((elderId === null) === (facilityId === null)) {
      const text = { zh: '老人与机构须填写其中一项', en: 'name either an elder or a facility' };
      throw badUserInput(['input', 'elderId'], text, context.language);
    }
    const tenths = (value: number | null | undefined) =>
      value === null || value === undefined ? null : Math.round(value * 10);
    const { kind, withdrawn: isWithdrawn } = input;
    const own = { elderId, facilityId, kind };
    const { accountId: byId, now } = context;
    const wanted = { ...own, low: tenths(input.low), high: tenths(input.high), isWithdrawn, byId, now };
    const scopes = {
      elders: await context.elderScopeFor('setCareLimit'),
      places: context.scopeFor('setCareLimit'),
    };
    const result = await context.audit.write((manager) => setCareLimit(manager, wanted, scopes), {
      state: (manager) => careLimitState(manager, own),
      told: () => ({
        asked: { elderId: input.elderId, facilityId: input.facilityId, kind, withdrawn: isWithdrawn },
      }),
    });
    context.forgetLoaders();
    return isRefusal(result) ? shownRefusal(result, context.language) : shownLimit(result);
  }

  @FieldResolver(() => [CareNoteType], {
    description:
      'What caregivers wrote at visits to the elder, the newest first. Of the group HEALTH: FORBIDDEN to a relative without that right.',
  })
  careNotes(
    @Root() { id }: ElderType,
    @Ctx() { loaders, language }: Context,
    @Arg('first', () => Int, { nullable: true, defaultValue: pageSize, description: first })
    wanted: number | null,
    @Arg('before', () => ID, { nullable: true, description: before })
    beforeText: string | null | undefined,
  ): Promise<CareNoteType[]> {
    const { first: rowsMax } = readPage(wanted ?? pageSize, null, language);
    return loaders.careNotesByElder.load({ id, shared: { rowsMax, beforeId: beforeOf(beforeText) } });
  }

  @FieldResolver(() => [MeasurementType], {
    description:
      'What was measured at visits to the elder, the newest first. Of the group HEALTH: FORBIDDEN to a relative without that right.',
  })
  async measurements(
    @Root() { id }: ElderType,
    @Ctx() { loaders, language }: Context,
    @Arg('kind', () => MeasurementKindEnum, {
      nullable: true,
      description: 'Of this kind alone; all without it.',
    })
    kind: MeasurementKind | null | undefined,
    @Arg('first', () => Int, { nullable: true, defaultValue: pageSize, description: first })
    wanted: number | null,
    @Arg('before', () => ID, { nullable: true, description: before })
    beforeText: string | null | undefined,
  ): Promise<MeasurementType[]> {
    const { first: rowsMax } = readPage(wanted ?? pageSize, null, language);
    const shared = { kind: kind ?? undefined, rowsMax, beforeId: beforeOf(beforeText) };
    const rows = await loaders.measurementsByElder.load({ id, shared });
    return rows.map(({ tenths, ...row }) => ({
      ...row,
      value: tenths / 10,
      unit: measuredKinds[row.kind].unit,
    }));
  }

  @FieldResolver(() => [CareLimitType], {
    description:
      'Beyond what measurements of the elder alert who is visited from its home station. Of the group HEALTH: FORBIDDEN to a relative without that right.',
  })
  async careLimits(
    @Root() { id, homeStationId }: ElderType,
    @Ctx() { loaders }: Context,
  ): Promise<CareLimitType[]> {
    const limits = await loaders.careLimitsByElder.load({ elderId: id, stationId: homeStationId });
    return limits.map(shownLimit);
  }
}

/** What is no id is older than everything. */
function beforeOf(text: string | null | undefined): number | undefined {
  return typeof text === 'string' ? (idOf(text) ?? 0) : undefined;
}

function shownLimit({ kind, low, high, source }: LimitInForce): CareLimitType {
  return { kind, low: low === null ? null : low / 10, high: high === null ? null : high / 10, source };
}

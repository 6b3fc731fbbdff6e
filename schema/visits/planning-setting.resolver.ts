import {
  Arg,
  Ctx,
  createUnionType,
  Field,
  ID,
  Int,
  Mutation,
  ObjectType,
  Query,
  Resolver,
} from 'type-graphql';
import { narrowed } from '../../src/network/scope.js';
import { dayOf } from '../../src/shared/china-time.js';
import { isRefusal } from '../../src/shared/refusal.js';
import { type SettingInForce, settingsInForce } from '../../src/visits/plans/planning-settings.js';
import {
  type PlanningSettingName,
  type PlanningSettingUnit,
  planningSettingNames,
  settingKinds,
} from '../../src/visits/plans/planning-settings.rules.js';
import {
  type PlanningSettingRefusalCode,
  planningSettingState,
  setPlanningSetting,
} from '../../src/visits/plans/set-planning-setting.js';
import type { Context } from '../context.js';
import { enumeration } from '../shared/enumeration.js';
import { idOf } from '../shared/ids.js';
import { shownRefusal } from '../shared/refusal.js';
import { DateScalar } from '../shared/scalars.js';

const nobody = 0;

const described = (name: PlanningSettingName) => {
  const { unit, min, max, fallback, means } = settingKinds[name];
  return [name, `In ${unit}, ${min} to ${max}, ${fallback} where nobody set it: ${means.en}.`] as const;
};

export const PlanningSettingNameEnum = enumeration<PlanningSettingName>(
  'PlanningSettingName',
  'A number that plans of visits are made by.',
  Object.fromEntries(planningSettingNames.map(described)) as Record<PlanningSettingName, string>,
);

export const PlanningSettingUnitEnum = enumeration<PlanningSettingUnit>(
  'PlanningSettingUnit',
  'What a planning setting is counted in.',
  {
    HUNDREDTHS: 'How bad an evil is, in hundredths of a minute of travel.',
    MINUTES: 'Minutes.',
  },
);

@ObjectType('PlanningSetting', {
  simpleResolvers: true,
  description: 'A number that plans of a facility and of all beneath it are made by.',
})
export class PlanningSettingType {
  @Field(() => PlanningSettingNameEnum, { description: 'Which.' })
  name!: PlanningSettingName;

  @Field(() => Int, { description: 'The number that counts, in its unit.' })
  value!: number;

  @Field(() => PlanningSettingUnitEnum, { description: 'What it is counted in.' })
  unit!: PlanningSettingUnit;

  @Field(() => String, { description: 'What it means, in the language of the request.' })
  meaning!: string;

  @Field(() => ID, {
    nullable: true,
    description: 'The facility, this one or one above, at which it was set; null where nobody set it.',
  })
  setAtId!: number | null;

  @Field(() => DateScalar, { nullable: true, description: 'Since when; null where nobody set it.' })
  fromDay!: string | null;
}

export const PlanningSettingRefusalCodeEnum = enumeration<PlanningSettingRefusalCode>(
  'PlanningSettingRefusalCode',
  'Why a planning setting was not changed. When several apply, the first in this list is the answer.',
  {
    FACILITY_UNKNOWN: 'No facility has this id, as far as the caller may see.',
    VALUE_OUT_OF_RANGE: 'The value is smaller or larger than this setting may be.',
    BACKDATED: 'The first day lies before today.',
  },
);

@ObjectType('PlanningSettingRefusal', {
  simpleResolvers: true,
  description: 'The setting stays as it was, and why.',
})
export class PlanningSettingRefusalType {
  @Field(() => PlanningSettingRefusalCodeEnum, { description: 'Why.' })
  code!: PlanningSettingRefusalCode;

  @Field(() => String, { description: 'The same in words, in the language of the request.' })
  message!: string;

  @Field(() => [String], { nullable: true, description: 'The argument at fault, as a path.' })
  field!: readonly string[] | null;
}

export const PlanningSettingResultUnion = createUnionType({
  name: 'PlanningSettingResult',
  description: 'The setting as it counts from that day on, or why it was not changed.',
  types: () => [PlanningSettingType, PlanningSettingRefusalType] as const,
  resolveType: (value) => ('code' in value ? PlanningSettingRefusalType : PlanningSettingType),
});

@Resolver()
export class PlanningSettingResolver {
  @Query(() => [PlanningSettingType], {
    description:
      '[manager] By which numbers plans of a facility are made on a day; empty for one that the caller does not cover.',
  })
  async planningSettings(
    @Ctx() context: Context,
    @Arg('facilityId', () => ID, { description: 'A station, or what stands above it.' }) facilityId: string,
    @Arg('on', () => DateScalar, {
      nullable: true,
      description: 'The day that is planned; today without it.',
    })
    on: string | null | undefined,
  ): Promise<PlanningSettingType[]> {
    const id = idOf(facilityId) ?? nobody;
    const today = dayOf(context.now);
    const scope = context.scopeFor('planningSettings');
    const inForce = await context.database.read(async (manager) => {
      const within = await narrowed(manager, scope, id, today);
      const isCovered = within.length > 0;
      // What lies elsewhere is looked for where nothing is, so that both cost the same.
      const settings = await settingsInForce(manager, isCovered ? id : nobody, on ?? today);
      return isCovered ? settings : [];
    });
    return inForce.map((setting) => shown(setting, context));
  }

  @Mutation(() => PlanningSettingResultUnion, {
    description:
      '[manager] Sets a number that plans of a facility and of all beneath it are made by, from a day on; plans that were made keep theirs.',
  })
  async setPlanningSetting(
    @Ctx() context: Context,
    @Arg('facilityId', () => ID, { description: 'A station, or what stands above it.' }) facilityId: string,
    @Arg('name', () => PlanningSettingNameEnum, { description: 'Which.' }) name: PlanningSettingName,
    @Arg('value', () => Int, {
      nullable: true,
      description: 'The number, in its unit; without it what is set above counts again.',
    })
    value: number | null | undefined,
    @Arg('fromDay', () => DateScalar, {
      description: 'The first day of plans that it counts for; not before today.',
    })
    fromDay: string,
  ): Promise<typeof PlanningSettingResultUnion> {
    const { accountId: byId, now } = context;
    const wanted = { facilityId: idOf(facilityId) ?? nobody, name, value: value ?? null, fromDay, byId, now };
    const scope = context.scopeFor('setPlanningSetting');
    const result = await context.audit.write((manager) => setPlanningSetting(manager, wanted, scope), {
      state: (manager) => planningSettingState(manager, wanted),
    });
    return isRefusal(result) ? shownRefusal(result, context.language) : shown(result, context);
  }
}

function shown(setting: SettingInForce, { language }: Context): PlanningSettingType {
  const { unit, means } = settingKinds[setting.name];
  return { ...setting, unit, meaning: means[language] };
}

import { Arg, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { type FlagRule, type FlagState, flagStates } from '../../entities/meals/fraud-flag.entity.js';
import { type Flag, findFlag, findFlags } from '../../src/meals/flags/find-flags.js';
import { remediesOf } from '../../src/meals/flags/flag-remedies.rules.js';
import { type FlagStep, flagTransitions, isDecided } from '../../src/meals/flags/flag-state.rules.js';
import { wordsOf } from '../../src/meals/flags/flag-words.rules.js';
import { flagState, stepFlag } from '../../src/meals/flags/step-flag.js';
import { dayOf } from '../../src/shared/china-time.js';
import { isRefusal } from '../../src/shared/refusal.js';
import type { Context } from '../context.js';
import { FacilityType } from '../network/facility.type.js';
import { badUserInput } from '../shared/errors.js';
import { idOf } from '../shared/ids.js';
import { readPage } from '../shared/paging.js';
import { notFound, shownRefusal } from '../shared/refusal.js';
import { DateScalar } from '../shared/scalars.js';
import { type FraudDecision, FraudDecisionEnum } from './fraud-decision.type.js';
import {
  FraudFlagConnectionType,
  FraudFlagEventType,
  FraudFlagResultUnion,
  FraudFlagStateEnum,
  FraudFlagSwipeType,
  FraudFlagType,
  FraudRuleEnum,
} from './fraud-flag.type.js';

const pageSize = 50;

/** Stands for an id that is malformed: no row has it. */
const nobody = 0;

const idDescription = 'The flag.';

/** What somebody still has to look at. */
const undecided = flagStates.filter((state) => !isDecided(state));

@Resolver(() => FraudFlagType)
export class FraudFlagResolver {
  @Query(() => FraudFlagConnectionType, {
    description:
      '[manager] Signs of fraud at the canteens beneath the places where the caller’s grants are held, the latest day first. A grant at a canteen shows none of that canteen.',
  })
  async fraudFlags(
    @Ctx() context: Context,
    @Arg('within', () => ID, {
      nullable: true,
      description: 'Only those of this canteen, or of the canteens beneath this facility today.',
    })
    within: string | null | undefined,
    @Arg('state', () => FraudFlagStateEnum, {
      nullable: true,
      description: 'Only those in this state; without it those that nobody has decided on.',
    })
    state: FlagState | null | undefined,
    @Arg('rule', () => FraudRuleEnum, { nullable: true, description: 'Only those of this kind.' })
    rule: FlagRule | null | undefined,
    @Arg('from', () => DateScalar, { nullable: true, description: 'The first day of the taps.' })
    from: string | null | undefined,
    @Arg('to', () => DateScalar, { nullable: true, description: 'The first day after them.' })
    to: string | null | undefined,
    @Arg('first', () => Int, {
      nullable: true,
      defaultValue: pageSize,
      description: 'How many at most, 0 to 200.',
    })
    first: number | null,
    @Arg('after', () => String, { nullable: true, description: 'The endCursor of the page before.' })
    after: string | null | undefined,
  ): Promise<FraudFlagConnectionType> {
    const { first: rows } = readPage(first ?? pageSize, undefined, context.language);
    const page = { after: positionOf(after, context), rowsMax: rows + 1 };
    const filter = {
      within: typeof within === 'string' ? (idOf(within) ?? nobody) : undefined,
      states: state ? [state] : undecided,
      rule: rule ?? undefined,
      from: from ?? undefined,
      to: to ?? undefined,
    };
    const scope = context.scopeFor('fraudFlags');
    const found = await context.database.read((manager) =>
      findFlags(manager, filter, page, scope, dayOf(context.now)),
    );
    const nodes = found.slice(0, rows).map((flag) => shown(flag, context));
    const last = nodes.at(-1);
    return {
      nodes,
      pageInfo: { hasNextPage: found.length > rows, endCursor: last ? cursorOf(last) : null },
    };
  }

  @Query(() => FraudFlagType, {
    nullable: true,
    description:
      '[manager] One sign of fraud; null when there is none with this id that the caller supervises.',
  })
  async fraudFlag(
    @Ctx() context: Context,
    @Arg('id', () => ID, { description: idDescription }) id: string,
  ): Promise<FraudFlagType | null> {
    const found = await context.database.read((manager) =>
      findFlag(manager, idOf(id) ?? nobody, context.scopeFor('fraudFlag'), dayOf(context.now)),
    );
    if (!found) await context.audit.refused('fraudFlag', notFound, { id });
    return found ? shown(found, context) : null;
  }

  @Mutation(() => FraudFlagResultUnion, {
    description:
      '[manager] The caller works on a flag from now on, also when somebody else did, and knows the swipes that show it so far.',
  })
  takeFraudFlag(
    @Ctx() context: Context,
    @Arg('id', () => ID, { description: idDescription }) id: string,
  ): Promise<typeof FraudFlagResultUnion> {
    return stepped(context, 'takeFraudFlag', id, 'TAKE', null);
  }

  @Mutation(() => FraudFlagResultUnion, {
    description: '[manager] The caller no longer works on a flag, and it is open again.',
  })
  releaseFraudFlag(
    @Ctx() context: Context,
    @Arg('id', () => ID, { description: idDescription }) id: string,
    @Arg('note', () => String, {
      nullable: true,
      description: 'What was found so far; at most 200 characters.',
    })
    note: string | null | undefined,
  ): Promise<typeof FraudFlagResultUnion> {
    return stepped(context, 'releaseFraudFlag', id, 'RELEASE', note ?? null);
  }

  @Mutation(() => FraudFlagResultUnion, {
    description:
      '[manager] Decides on a flag, unless swipes were added that the caller has not seen. It posts nothing: what can be done about the swipes of a confirmed one is listed with them.',
  })
  decideFraudFlag(
    @Ctx() context: Context,
    @Arg('id', () => ID, { description: idDescription }) id: string,
    @Arg('decision', () => FraudDecisionEnum, { description: 'What it was.' }) decision: FraudDecision,
    @Arg('note', () => String, { description: 'Why, 1 to 200 characters.' }) note: string,
  ): Promise<typeof FraudFlagResultUnion> {
    const step = flagTransitions.find(({ to }) => to === decision)?.step ?? 'CLEAR';
    return stepped(context, 'decideFraudFlag', id, step, note);
  }

  @FieldResolver(() => FacilityType, { description: 'The canteen.' })
  canteen(@Root() flag: FraudFlagType, @Ctx() context: Context): Promise<FacilityType> {
    return context.loaders.facilityById.load(flag.canteenId);
  }

  @FieldResolver(() => [FraudFlagSwipeType], {
    description:
      'The swipes that show it in the order of the taps, at most 50; of more, those uploaded last, before what was voided.',
  })
  async swipes(@Root() flag: FraudFlagType, @Ctx() context: Context): Promise<FraudFlagSwipeType[]> {
    const swipes = await context.loaders.swipesByFlag.load(flag.id);
    return swipes.map((swipe) => ({ ...swipe, remedies: remediesOf(flag.state, swipe) }));
  }

  @FieldResolver(() => [FraudFlagEventType], { description: 'What happened to it, the first step first.' })
  events(@Root() flag: FraudFlagType, @Ctx() context: Context): Promise<FraudFlagEventType[]> {
    return context.loaders.eventsByFlag.load(flag.id);
  }
}

async function stepped(
  context: Context,
  operation: string,
  id: string,
  step: FlagStep,
  note: string | null,
): Promise<typeof FraudFlagResultUnion> {
  const flagId = idOf(id) ?? nobody;
  const { accountId: byId, now } = context;
  const scope = context.scopeFor(operation);
  const result = await context.audit.write(
    (manager) => stepFlag(manager, { flagId, step, note, byId, now }, scope),
    { state: (manager) => flagState(manager, flagId, dayOf(context.now)) },
  );
  if (isRefusal(result)) return shownRefusal(result, context.language);
  // What an earlier step of the same request showed may have grown since.
  context.loaders.swipesByFlag.clear(flagId);
  context.loaders.eventsByFlag.clear(flagId);
  return shown(result, context);
}

function shown(flag: Flag, { language }: Context): FraudFlagType {
  return { ...flag, reason: wordsOf(flag.rule, flag)[language] };
}

function cursorOf({ day, id }: Pick<Flag, 'day' | 'id'>): string {
  return Buffer.from(`flag:${day}:${id}`).toString('base64url');
}

function positionOf(
  after: string | null | undefined,
  { language }: Context,
): { day: string; id: number } | undefined {
  if (after === null || after === undefined) return undefined;
  const [, day, id] =
    /^flag:(\d{4}-\d{2}-\d{2}):(\d{1,15})$/.exec(Buffer.from(after, 'base64url').toString('utf8')) ?? [];
  if (day !== undefined && id !== undefined) return { day, id: Number(id) };
  throw badUserInput(['after'], { zh: '不是有效的游标', en: 'is not a cursor of this connection' }, language);
}

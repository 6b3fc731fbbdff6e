import { Arg, Ctx, ID, Int, Mutation, Resolver } from 'type-graphql';
import { moveStatement } from '../../src/settlement/move-statement.js';
import { stateOfLocked } from '../../src/settlement/read-statement.js';
import type { StatementEventName } from '../../src/settlement/statement.rules.js';
import { isRefusal } from '../../src/shared/refusal.js';
import type { Context } from '../context.js';
import { idOf } from '../shared/ids.js';
import { shownRefusal } from '../shared/refusal.js';
import { settlementOf } from '../shared/settlements.js';
import { StatementResultUnion } from './statement.type.js';

type StatementResult = typeof StatementResultUnion;

const canteenDescription = 'The facility of the canteen, the home-care station or the home.';
const monthDescription = 'The month in China Standard Time, YYYY-MM.';
const versionDescription = 'The version that the caller has read; refused when it has moved on since.';
const noteDescription = 'Why, 1 to 200 characters.';

/** The steps of docs/month-statement.md, one mutation each; the table says who takes which. */
@Resolver()
export class StatementStepResolver {
  @Mutation(() => StatementResultUnion, {
    description:
      '[manager] The canteen, the home-care station or the home stands by the month, which is over: its lines are fixed.',
  })
  submitStatement(
    @Ctx() context: Context,
    @Arg('canteenId', () => ID, { description: canteenDescription }) canteenId: string,
    @Arg('month', () => String, { description: monthDescription }) month: string,
    @Arg('version', () => Int, { nullable: true, description: versionDescription }) version?: number | null,
  ): Promise<StatementResult> {
    return step(context, 'SUBMIT', { operation: 'submitStatement', canteenId, month, version });
  }

  @Mutation(() => StatementResultUnion, {
    description: '[manager] The street gives it back: a draft again, its lines released.',
  })
  returnStatement(
    @Ctx() context: Context,
    @Arg('canteenId', () => ID, { description: canteenDescription }) canteenId: string,
    @Arg('month', () => String, { description: monthDescription }) month: string,
    @Arg('note', () => String, { description: noteDescription }) note: string,
    @Arg('version', () => Int, { nullable: true, description: versionDescription }) version?: number | null,
  ): Promise<StatementResult> {
    return step(context, 'RETURN', { operation: 'returnStatement', canteenId, month, version, note });
  }

  @Mutation(() => StatementResultUnion, {
    description: '[manager] The street has gone through the lines; every dispute is decided.',
  })
  reviewStatement(
    @Ctx() context: Context,
    @Arg('canteenId', () => ID, { description: canteenDescription }) canteenId: string,
    @Arg('month', () => String, { description: monthDescription }) month: string,
    @Arg('version', () => Int, { nullable: true, description: versionDescription }) version?: number | null,
  ): Promise<StatementResult> {
    return step(context, 'REVIEW', { operation: 'reviewStatement', canteenId, month, version });
  }

  @Mutation(() => StatementResultUnion, {
    description: '[manager] The county gives it back to the street to go through it again.',
  })
  sendBackStatement(
    @Ctx() context: Context,
    @Arg('canteenId', () => ID, { description: canteenDescription }) canteenId: string,
    @Arg('month', () => String, { description: monthDescription }) month: string,
    @Arg('note', () => String, { description: noteDescription }) note: string,
    @Arg('version', () => Int, { nullable: true, description: versionDescription }) version?: number | null,
  ): Promise<StatementResult> {
    return step(context, 'SEND_BACK', { operation: 'sendBackStatement', canteenId, month, version, note });
  }

  @Mutation(() => StatementResultUnion, { description: '[manager] The county signs it.' })
  signStatement(
    @Ctx() context: Context,
    @Arg('canteenId', () => ID, { description: canteenDescription }) canteenId: string,
    @Arg('month', () => String, { description: monthDescription }) month: string,
    @Arg('version', () => Int, { nullable: true, description: versionDescription }) version?: number | null,
  ): Promise<StatementResult> {
    return step(context, 'SIGN', { operation: 'signStatement', canteenId, month, version });
  }

  @Mutation(() => StatementResultUnion, { description: '[manager] The finance office has paid it.' })
  payStatement(
    @Ctx() context: Context,
    @Arg('canteenId', () => ID, { description: canteenDescription }) canteenId: string,
    @Arg('month', () => String, { description: monthDescription }) month: string,
    @Arg('note', () => String, { description: 'The number of the payment, 1 to 200 characters.' })
    note: string,
    @Arg('version', () => Int, { nullable: true, description: versionDescription }) version?: number | null,
  ): Promise<StatementResult> {
    return step(context, 'PAY', { operation: 'payStatement', canteenId, month, version, note });
  }

  @Mutation(() => StatementResultUnion, {
    description: '[manager] Closes the month for good: from then on nothing of it changes.',
  })
  freezeStatement(
    @Ctx() context: Context,
    @Arg('canteenId', () => ID, { description: canteenDescription }) canteenId: string,
    @Arg('month', () => String, { description: monthDescription }) month: string,
    @Arg('version', () => Int, { nullable: true, description: versionDescription }) version?: number | null,
  ): Promise<StatementResult> {
    return step(context, 'FREEZE', { operation: 'freezeStatement', canteenId, month, version });
  }
}

interface Asked {
  operation: string;
  canteenId: string;
  month: string;
  version: number | null | undefined;
  note?: string;
}

async function step(
  context: Context,
  event: StatementEventName,
  { operation, canteenId, month, version, note }: Asked,
): Promise<StatementResult> {
  const key = { facilityId: idOf(canteenId) ?? 0, month };
  const { settler: acting, now } = context;
  const postingId = event === 'SIGN' ? await context.services.ids.take(1) : undefined;
  const request = { ...key, event, acting, note, version: version ?? undefined, now, postingId };
  const scope = context.scopeFor(operation);
  const kind = await settlementOf(context.database, key.facilityId);
  const result = await context.audit.write((manager) => moveStatement(manager, kind, request, scope), {
    state: (manager) => stateOfLocked(manager, kind, key),
  });
  return isRefusal(result) ? shownRefusal(result, context.language) : result;
}

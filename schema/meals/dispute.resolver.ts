import { Arg, Ctx, ID, Mutation, Resolver } from 'type-graphql';
import type { EntityManager } from 'typeorm';
import type { DisputeDecision } from '../../entities/settlement/statement-dispute.entity.js';
import { answerDispute, decideDispute, disputeLine, keyOfDispute } from '../../src/settlement/disputes.js';
import { type Statement, type StatementKey, stateOfLocked } from '../../src/settlement/read-statement.js';
import type { SettlementKind } from '../../src/settlement/settlement-kind.js';
import type { StatementRefusal } from '../../src/settlement/settlement-refusals.js';
import { isRefusal } from '../../src/shared/refusal.js';
import type { Context } from '../context.js';
import { assignedIdOf, idOf } from '../shared/ids.js';
import { shownRefusal } from '../shared/refusal.js';
import { settlementOf, settlements } from '../shared/settlements.js';
import { StatementResultUnion } from './statement.type.js';
import { DisputeDecisionEnum } from './statement-line.type.js';

type StatementResult = typeof StatementResultUnion;

const disputeDescription = 'The dispute, as statementLines lists it.';

/** Stands for an id that is malformed: no row has it. */
const nobody = 0;

@Resolver()
export class DisputeResolver {
  @Mutation(() => StatementResultUnion, {
    description: '[manager] The street doubts a line with a subsidy of a submitted statement, once.',
  })
  async disputeLine(
    @Ctx() context: Context,
    @Arg('canteenId', () => ID, {
      description: 'The facility of the canteen, the home-care station or the home.',
    })
    canteenId: string,
    @Arg('month', () => String, { description: 'The month in China Standard Time, YYYY-MM.' }) month: string,
    @Arg('lineId', () => ID, { description: 'The line, as statementLines lists it.' }) lineId: string,
    @Arg('reason', () => String, { description: 'What is doubted, 1 to 200 characters.' }) reason: string,
  ): Promise<StatementResult> {
    const disputeId = await context.services.ids.take(1);
    const key = { facilityId: idOf(canteenId) ?? nobody, month };
    const { settler: acting, now } = context;
    const request = { ...key, lineId: assignedIdOf(lineId) ?? nobody, disputeId, acting, words: reason, now };
    const kind = await settlementOf(context.database, key.facilityId);
    return written(context, kind, key, (manager) =>
      disputeLine(manager, kind, request, context.scopeFor('disputeLine')),
    );
  }

  @Mutation(() => StatementResultUnion, {
    description:
      '[manager] The canteen, or the home-care station, says what there is to say for a disputed line, once.',
  })
  async answerDispute(
    @Ctx() context: Context,
    @Arg('disputeId', () => ID, { description: disputeDescription }) disputeId: string,
    @Arg('answer', () => String, { description: '1 to 200 characters.' }) answer: string,
  ): Promise<StatementResult> {
    const id = assignedIdOf(disputeId) ?? nobody;
    const { kind, ...key } = await keyOf(context, id);
    const { settler: acting, now } = context;
    const request = { ...key, disputeId: id, acting, words: answer, now };
    return written(context, kind, key, (manager) =>
      answerDispute(manager, kind, request, context.scopeFor('answerDispute')),
    );
  }

  @Mutation(() => StatementResultUnion, {
    description: '[manager] The street decides an answered dispute, for good.',
  })
  async decideDispute(
    @Ctx() context: Context,
    @Arg('disputeId', () => ID, { description: disputeDescription }) disputeId: string,
    @Arg('decision', () => DisputeDecisionEnum, { description: 'Whether the doubt was right.' })
    decision: DisputeDecision,
    @Arg('reason', () => String, { description: 'Why, 1 to 200 characters.' }) reason: string,
  ): Promise<StatementResult> {
    const postingId = await context.services.ids.take(1);
    const id = assignedIdOf(disputeId) ?? nobody;
    const { kind, ...key } = await keyOf(context, id);
    const { settler: acting, now } = context;
    const request = { ...key, disputeId: id, decision, postingId, acting, words: reason, now };
    return written(context, kind, key, (manager) =>
      decideDispute(manager, kind, request, context.scopeFor('decideDispute')),
    );
  }
}

/** Asked before the transaction, which begins with the lock of the statement's facility. */
async function keyOf(
  { database }: Context,
  disputeId: number,
): Promise<StatementKey & { kind: SettlementKind }> {
  const key = await database.read((manager) => keyOfDispute(manager, disputeId));
  return key
    ? { ...key, kind: settlements[key.kind] }
    : { facilityId: nobody, month: '', kind: settlements.CANTEEN };
}

async function written(
  context: Context,
  kind: SettlementKind,
  key: StatementKey,
  work: (manager: EntityManager) => Promise<Statement | StatementRefusal>,
): Promise<StatementResult> {
  const result = await context.audit.write(work, {
    state: (manager) => stateOfLocked(manager, kind, key),
  });
  return isRefusal(result) ? shownRefusal(result, context.language) : result;
}

import { Arg, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { dayOf } from '../../src/shared/china-time.js';
import { isRefusal } from '../../src/shared/refusal.js';
import {
  decideObjection,
  objectionState,
  objectToCancellation,
} from '../../src/visits/cancellation-objections.js';
import { openObjections } from '../../src/visits/find-objections.js';
import type { Context } from '../context.js';
import { forbidden } from '../shared/errors.js';
import { idOf } from '../shared/ids.js';
import { readPage } from '../shared/paging.js';
import { shownRefusal } from '../shared/refusal.js';
import { type ShownVisit, VisitType } from './visit.type.js';
import { VisitObjectionResultUnion, VisitObjectionType } from './visit-objection.type.js';

/** Nobody's id. */
const nobody = 0;
const pageSize = 100;

/** Families who object to how their station called a visit off, and who decides. */
@Resolver(() => VisitObjectionType)
export class VisitObjectionResolver {
  @Query(() => [VisitObjectionType], {
    description: '[manager] Objections to cancellations about which nobody has decided, by their visits.',
  })
  objectionsForReview(
    @Ctx() context: Context,
    @Arg('within', () => ID, {
      nullable: true,
      description: 'Only of stations at or beneath this facility; of all that the caller sees without it.',
    })
    within: string | null | undefined,
    @Arg('first', () => Int, {
      nullable: true,
      defaultValue: pageSize,
      description: 'How many at most, 0 to 200.',
    })
    rows: number | null,
  ): Promise<VisitObjectionType[]> {
    const { first } = readPage(rows ?? pageSize, null, context.language);
    const place = typeof within === 'string' ? (idOf(within) ?? nobody) : undefined;
    const scope = context.scopeFor('objectionsForReview');
    return context.database.read((manager) =>
      openObjections(manager, place, first, scope, dayOf(context.now)),
    );
  }

  @Mutation(() => VisitObjectionResultUnion, {
    description:
      '[family, manager] Says that a visit was not called off too late on the family’s account, as its station said; within 30 days, once for a visit. A relative needs the right BOOKING; a manager says it for the elder. The centre above the station decides.',
  })
  async objectToCancellation(
    @Ctx() context: Context,
    @Arg('visitId', () => ID, { description: 'Which visit.' }) visitIdText: string,
    @Arg('reason', () => String, { description: 'Why; 1 to 200 characters, kept encrypted.' }) reason: string,
  ): Promise<typeof VisitObjectionResultUnion> {
    const visitId = idOf(visitIdText) ?? nobody;
    const reach = context.visitReachFor('objectToCancellation');
    const given = { visitId, reason, byId: context.accountId, now: context.now };
    const result = await context.audit.write((manager) => objectToCancellation(manager, given, reach), {
      state: (manager) => objectionState(manager, visitId),
    });
    context.forgetLoaders();
    return isRefusal(result) ? shownRefusal(result, context.language) : result;
  }

  @Mutation(() => VisitObjectionResultUnion, {
    description:
      '[manager] Decides about an objection, at the centre above the station or higher; neither who called the visit off nor who objected. Upheld, hours that were lost are the elder’s again, and what a funder was to pay is corrected in the open month.',
  })
  async decideObjection(
    @Ctx() context: Context,
    @Arg('visitId', () => ID, { description: 'Which visit.' }) visitIdText: string,
    @Arg('isUpheld', () => Boolean, { description: 'True when the family is right.' }) isUpheld: boolean,
    @Arg('note', () => String, { description: 'Why; 1 to 200 characters, kept encrypted.' }) note: string,
  ): Promise<typeof VisitObjectionResultUnion> {
    const visitId = idOf(visitIdText) ?? nobody;
    const reach = context.visitReachFor('decideObjection');
    const given = { visitId, isUpheld, note, byId: context.accountId, now: context.now };
    const result = await context.audit.write((manager) => decideObjection(manager, given, reach), {
      state: (manager) => objectionState(manager, visitId),
    });
    context.forgetLoaders();
    return isRefusal(result) ? shownRefusal(result, context.language) : result;
  }

  @FieldResolver(() => VisitType, { description: 'Of which visit.' })
  visit(@Root() { visitId }: VisitObjectionType, @Ctx() { loaders }: Context): Promise<ShownVisit> {
    return loaders.visitById.load(visitId);
  }
}

@Resolver(() => VisitType)
export class VisitObjectionEdgeResolver {
  @FieldResolver(() => VisitObjectionType, {
    nullable: true,
    description:
      'What its family said against how it was called off; null when nothing was. FORBIDDEN to a caregiver.',
  })
  async objection(@Root() visit: ShownVisit, @Ctx() context: Context): Promise<VisitObjectionType | null> {
    const operation = 'Visit.objection';
    const isRelative = context.visitReachFor(operation).elderIds.includes(visit.elderId);
    const asked = { id: visit.stationId, shared: operation };
    if (!isRelative && !(await context.loaders.facilityCovered.load(asked)))
      throw forbidden(context.language);
    return context.loaders.objectionByVisit.load(visit.id);
  }
}

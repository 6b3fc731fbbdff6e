import { Arg, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { EvidenceVerdict } from '../../entities/visits/visit-evidence.entity.js';
import { dayOf } from '../../src/shared/china-time.js';
import { isRefusal } from '../../src/shared/refusal.js';
import { evidenceState } from '../../src/visits/care-state.js';
import { decideEvidence, evidenceWithin, openEvidence } from '../../src/visits/decide-evidence.js';
import type { Context } from '../context.js';
import { idOf } from '../shared/ids.js';
import { connectionOf, readPage } from '../shared/paging.js';
import { notFound, shownRefusal } from '../shared/refusal.js';
import { type ShownVisit, VisitType } from './visit.type.js';
import {
  DecideEvidenceResultUnion,
  EvidenceVerdictEnum,
  shownEvidence,
  VisitCheckType,
  VisitEvidencePageType,
  VisitEvidenceType,
} from './visit-evidence.type.js';

/** Nobody's id. */
const nobody = 0;
const pageSize = 50;

/** Evidence that visits were brought, and who decides about it. */
@Resolver(() => VisitEvidenceType)
export class VisitEvidenceResolver {
  @Query(() => VisitEvidencePageType, {
    description: '[manager] Evidence that asks for a look or blocks the payment, and was not decided yet.',
  })
  async evidenceForReview(
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
    first: number | null,
    @Arg('after', () => String, { nullable: true, description: 'The endCursor of the page before.' })
    after: string | null | undefined,
  ): Promise<VisitEvidencePageType> {
    const page = readPage(first ?? pageSize, after, context.language);
    const place = typeof within === 'string' ? (idOf(within) ?? nobody) : undefined;
    const scope = context.scopeFor('evidenceForReview');
    const rows = await context.database.read((manager) =>
      openEvidence(
        manager,
        place,
        { afterId: page.afterId, rowsMax: page.first + 1 },
        scope,
        dayOf(context.now),
      ),
    );
    const numbered = rows.map((row) => ({ ...row, id: row.visitId }));
    const { nodes, pageInfo } = connectionOf(numbered, page.first, async () => numbered.length);
    return { nodes: nodes.map((row) => shownEvidence(row, context.language)), pageInfo };
  }

  @Query(() => VisitEvidenceType, {
    nullable: true,
    description:
      "[manager] The evidence of one visit; null when nobody tapped, or the visit is none that the caller's grants cover.",
  })
  async visitEvidence(
    @Ctx() context: Context,
    @Arg('visitId', () => ID, { description: 'Which visit.' }) visitId: string,
  ): Promise<VisitEvidenceType | null> {
    const reach = context.visitReachFor('visitEvidence');
    const found = await context.database.read((manager) =>
      evidenceWithin(manager, idOf(visitId) ?? nobody, reach, dayOf(context.now)),
    );
    if (!found) await context.audit.refused('visitEvidence', notFound, { visitId });
    return found ? shownEvidence(found, context.language) : null;
  }

  @Mutation(() => DecideEvidenceResultUnion, {
    description:
      '[manager] Decides whether a visit is paid whose evidence asks for a look, or blocks it. Not for whoever brought or ended it; deciding again replaces the decision.',
  })
  async decideVisitEvidence(
    @Ctx() context: Context,
    @Arg('visitId', () => ID, { description: 'Which visit.' }) visitId: string,
    @Arg('verdict', () => EvidenceVerdictEnum, { description: 'Paid or not.' }) verdict: EvidenceVerdict,
    @Arg('note', () => String, { description: 'Why, 1 to 200 characters; kept encrypted.' }) note: string,
  ): Promise<typeof DecideEvidenceResultUnion> {
    const id = idOf(visitId) ?? nobody;
    const { accountId: byId, now } = context;
    const reach = context.visitReachFor('decideVisitEvidence');
    const result = await context.audit.write(
      (manager) => decideEvidence(manager, { visitId: id, verdict, note, byId, now }, reach),
      { state: (manager) => evidenceState(manager, id) },
    );
    context.forgetLoaders();
    return isRefusal(result)
      ? shownRefusal(result, context.language)
      : shownEvidence(result, context.language);
  }

  @FieldResolver(() => VisitType, { description: 'Of which visit.' })
  visit(@Root() { visitId }: VisitEvidenceType, @Ctx() { loaders }: Context): Promise<ShownVisit> {
    return loaders.visitById.load(visitId);
  }

  @FieldResolver(() => [VisitCheckType], { description: 'The taps, in the order of their times.' })
  checks(@Root() { visitId }: VisitEvidenceType, @Ctx() { loaders }: Context): Promise<VisitCheckType[]> {
    return loaders.checksByVisit.load(visitId);
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: 'Why it was decided so; null while nobody has.',
  })
  note(@Root() { visitId }: VisitEvidenceType, @Ctx() { loaders }: Context): Promise<string | null> {
    return loaders.evidenceNoteByVisit.load(visitId);
  }
}

import { Arg, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { ReviewBearer, ReviewReason } from '../../entities/meals/swipe-review.entity.js';
import { decideReview } from '../../src/meals/decide-review.js';
import { findOpenReviews, findReview, type ReviewPosition } from '../../src/meals/find-reviews.js';
import { reviewState } from '../../src/meals/review-state.js';
import { dayOf } from '../../src/shared/china-time.js';
import { isRefusal } from '../../src/shared/refusal.js';
import type { Context } from '../context.js';
import { FacilityType } from '../network/facility.type.js';
import { badUserInput } from '../shared/errors.js';
import { idOf } from '../shared/ids.js';
import { readPage } from '../shared/paging.js';
import { notFound, shownRefusal } from '../shared/refusal.js';
import { DateScalar } from '../shared/scalars.js';
import {
  ReviewBearerEnum,
  ReviewReasonEnum,
  ReviewResultUnion,
  SwipeReviewConnectionType,
  SwipeReviewType,
} from './review.type.js';

const pageSize = 50;

/** Stands for an id that is malformed: no row has it. */
const nobody = 0;

@Resolver(() => SwipeReviewType)
export class ReviewResolver {
  @Query(() => SwipeReviewConnectionType, {
    description:
      '[manager] Meals that wait for a decision at the canteens that the caller’s grants cover today, the oldest first.',
  })
  async openReviews(
    @Ctx() context: Context,
    @Arg('within', () => ID, {
      nullable: true,
      description: 'Only those of this canteen, or of the canteens beneath this facility today.',
    })
    within: string | null | undefined,
    @Arg('reason', () => ReviewReasonEnum, {
      nullable: true,
      description: 'Only those for this reason.',
    })
    reason: ReviewReason | null | undefined,
    @Arg('from', () => DateScalar, { nullable: true, description: 'The first day of the meals.' })
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
  ): Promise<SwipeReviewConnectionType> {
    const { first: rows } = readPage(first ?? pageSize, undefined, context.language);
    const page = { after: positionOf(after, context), rowsMax: rows + 1 };
    const filter = {
      within: typeof within === 'string' ? (idOf(within) ?? nobody) : undefined,
      reason: reason ?? undefined,
      from: from ?? undefined,
      to: to ?? undefined,
    };
    const scope = context.scopeFor('openReviews');
    const found = await context.database.read((manager) =>
      findOpenReviews(manager, filter, page, scope, dayOf(context.now)),
    );
    const nodes = found.slice(0, rows);
    const last = nodes.at(-1);
    return {
      nodes,
      pageInfo: { hasNextPage: found.length > rows, endCursor: last ? cursorOf(last) : null },
    };
  }

  @Query(() => SwipeReviewType, {
    nullable: true,
    description:
      '[manager] The last review of one swipe, open or decided, or an earlier one; null when there is none in the caller’s scope.',
  })
  async swipeReview(
    @Ctx() context: Context,
    @Arg('swipeId', () => ID, { description: "The reader's id for the swipe." }) swipeId: string,
    @Arg('number', () => Int, {
      nullable: true,
      description: 'Which of its reviews, from 1 on; the last one where it is left out.',
    })
    number: number | null | undefined,
  ): Promise<SwipeReviewType | null> {
    const scope = context.scopeFor('swipeReview');
    const found = await context.database.read((manager) =>
      findReview(manager, swipeId, scope, dayOf(context.now), number ?? undefined),
    );
    if (!found) await context.audit.refused('swipeReview', notFound, { swipeId });
    return found ?? null;
  }

  @Mutation(() => ReviewResultUnion, {
    description:
      '[manager] Decides once who bears the price of a meal that was recorded for review, or what funders bear of one that is doubted later, and books it there today. That funders bear it, or what they paid stays, takes a grant above the canteen. What they bear is doubted anew when a stay or an end becomes known that nobody looked at it for.',
  })
  async decideReview(
    @Ctx() context: Context,
    @Arg('requestId', () => ID, {
      description: 'A UUID that the caller makes; sending it again returns the first answer.',
    })
    requestId: string,
    @Arg('swipeId', () => ID, { description: "The reader's id for the swipe." }) swipeId: string,
    @Arg('bornBy', () => ReviewBearerEnum, { description: 'Who bears what is decided on.' })
    bornBy: ReviewBearer,
    @Arg('note', () => String, { description: 'Why, 1 to 200 characters; kept with the decision.' })
    note: string,
    @Arg('funderCode', () => String, {
      nullable: true,
      description: 'Which funder, when bornBy is FUNDER; else left out.',
    })
    funderCode: string | null | undefined,
  ): Promise<typeof ReviewResultUnion> {
    const { services, accountId: byId, now } = context;
    const postingId = await services.ids.take(1);
    const asked = { requestId, swipeId, bornBy, note, funderCode: funderCode ?? null };
    const scope = context.scopeFor('decideReview');
    const result = await context.audit.write(
      (manager) => decideReview(manager, { ...asked, byId, now, postingId }, scope, services.stays),
      { state: (manager) => reviewState(manager, swipeId) },
    );
    if (isRefusal(result)) return shownRefusal(result, context.language);
    // The elder may have paid for it, and an operation before this one may have looked at the balance.
    context.forgetLoaders();
    return result;
  }

  @FieldResolver(() => FacilityType, { description: 'The canteen.' })
  canteen(@Root() review: SwipeReviewType, @Ctx() context: Context): Promise<FacilityType> {
    return context.loaders.facilityById.load(review.canteenId);
  }
}

function cursorOf({ mealDate, id }: ReviewPosition): string {
  return Buffer.from(`review:${mealDate}:${id}`).toString('base64url');
}

function positionOf(after: string | null | undefined, { language }: Context): ReviewPosition | undefined {
  if (after === null || after === undefined) return undefined;
  const [, mealDate, id] =
    /^review:(\d{4}-\d{2}-\d{2}):(\d{1,15})$/.exec(Buffer.from(after, 'base64url').toString('utf8')) ?? [];
  if (mealDate !== undefined && id !== undefined) return { mealDate, id: Number(id) };
  const text = { zh: '不是有效的游标', en: 'is not a cursor of this connection' };
  throw badUserInput(['after'], text, language);
}

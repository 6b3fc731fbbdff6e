import { Arg, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import { canteenOf } from '../../src/access/caller.js';
import { noStays } from '../../src/elders/institution-stays.js';
import { findSwipe } from '../../src/meals/find-swipe.js';
import { previewSwipe } from '../../src/meals/preview-swipe.js';
import { useKey } from '../../src/meals/reader-lists/reader-snapshot.rules.js';
import type { SwipeRequest } from '../../src/meals/record-swipes.js';
import { readUses } from '../../src/meals/rules/rule-catalog.js';
import { swipeMessage } from '../../src/meals/swipe-messages.js';
import type { SwipeAnswer } from '../../src/meals/swipe-receipt.js';
import { swipeState } from '../../src/meals/swipe-state.js';
import { correctSwipe, voidSwipe } from '../../src/meals/void-swipe.js';
import { dayOf } from '../../src/shared/china-time.js';
import { isRefusal } from '../../src/shared/refusal.js';
import type { Context } from '../context.js';
import { FacilityType } from '../network/facility.type.js';
import { badUserInput, forbidden } from '../shared/errors.js';
import { notFound, shownRefusal } from '../shared/refusal.js';
import { FenScalar } from '../shared/scalars.js';
import { DiningModeEnum, MenuKindEnum } from './meal.type.js';
import { SwipeInput } from './swipe.input.js';
import { RuleUseType, SwipePreviewType, SwipeReceiptType, SwipeResultType } from './swipe.type.js';
import { VoidResultUnion } from './void.type.js';

/** The most swipes that one request may bring. */
const batchSizeMax = 500;

@Resolver(() => SwipeReceiptType)
export class SwipeResolver {
  @Mutation(() => SwipeResultType, { description: '[reader] Records one tap and answers what it did.' })
  async recordSwipe(
    @Ctx() context: Context,
    @Arg('input', () => SwipeInput, { description: 'The tap.' }) input: SwipeInput,
  ): Promise<SwipeResultType> {
    const answer = await context.services.intake.record({ ...readerOf(context), command: input });
    noteClock(input, answer, context);
    return resultOf(answer, input.swipeId, context);
  }

  @Mutation(() => [SwipeResultType], {
    description:
      '[reader] 1 to 500 swipes; one result for each, in order; a bad one spoils none of the others.',
  })
  async recordSwipes(
    @Ctx() context: Context,
    @Arg('inputs', () => [SwipeInput], { description: '1 to 500 taps, in any order.' }) inputs: SwipeInput[],
  ): Promise<SwipeResultType[]> {
    if (inputs.length < 1 || inputs.length > batchSizeMax) {
      const text = { zh: `须为 1 至 ${batchSizeMax} 笔`, en: `must hold 1 to ${batchSizeMax} swipes` };
      throw badUserInput(['inputs'], text, context.language);
    }
    const reader = readerOf(context);
    const answers = await context.services.intake.recordAll(
      inputs.map((command) => ({ ...reader, command })),
    );
    for (const [index, answer] of answers.entries()) noteClock(inputs[index], answer, context);
    return answers.map((answer, index) =>
      resultOf(blamed(answer, inputs[index], context), inputs[index]?.swipeId ?? answer.swipeId, context),
    );
  }

  @Query(() => SwipePreviewType, { description: '[reader] What a swipe now would do, writing nothing.' })
  async previewSwipe(
    @Ctx() context: Context,
    @Arg('cardUid', () => String, { description: 'What the chip answers.' }) cardUid: string,
    @Arg('grossFen', () => FenScalar, { description: 'The price on the menu, in fen.' }) grossFen: number,
    @Arg('mode', () => DiningModeEnum, {
      nullable: true,
      defaultValue: 'DINE_IN',
      description: 'Where the meal is to be eaten.',
    })
    mode: keyof typeof DiningModeEnum | null,
    @Arg('menu', () => MenuKindEnum, { defaultValue: 'SET_MEAL', description: 'What is to be eaten.' })
    menu: keyof typeof MenuKindEnum,
  ): Promise<SwipePreviewType> {
    const { canteenTerms, swipeLimits: limits, stays = noStays } = context.services;
    const { canteenId, readerActive } = readerOf(context);
    const terms = await canteenTerms.of([{ canteenId, day: dayOf(context.now) }]);
    const tap = { cardUid, grossFen, mode: mode ?? 'DINE_IN', menu };
    const preview = await context.database.read((manager) =>
      previewSwipe(manager, { canteenId, readerActive, tap, now: context.now, limits, terms, stays }),
    );
    return { ...preview, message: swipeMessage(preview, context.language) };
  }

  @Query(() => SwipeResultType, {
    nullable: true,
    description:
      "[manager] One swipe, by the reader's id for it; null when there is none in the caller's scope.",
  })
  async swipe(
    @Ctx() context: Context,
    @Arg('swipeId', () => ID, { description: "The reader's id for it." }) swipeId: string,
  ): Promise<SwipeResultType | null> {
    const found = await context.database.read((manager) =>
      findSwipe(manager, swipeId, context.scopeFor('swipe'), dayOf(context.now)),
    );
    if (!found) await context.audit.refused('swipe', notFound, { swipeId });
    return found ? resultOf(found.answer, swipeId, context) : null;
  }

  @Mutation(() => VoidResultUnion, {
    description: '[manager] Posts the opposite entries; the swipe stays. The meal can be taken again.',
  })
  async voidSwipe(
    @Ctx() context: Context,
    @Arg('swipeId', () => ID, { description: "The reader's id for the swipe." }) swipeId: string,
    @Arg('reason', () => String, { description: 'Why, 1 to 200 characters; kept with the swipe.' })
    reason: string,
  ): Promise<typeof VoidResultUnion> {
    return takeBack(context, 'voidSwipe', voidSwipe, { swipeId, reason });
  }

  @Mutation(() => VoidResultUnion, {
    description:
      '[manager] Takes a meal of a frozen month back: the opposite entries are booked today, as a correction in the statement of this month. The frozen one stays.',
  })
  async correctSwipe(
    @Ctx() context: Context,
    @Arg('swipeId', () => ID, { description: "The reader's id for the swipe." }) swipeId: string,
    @Arg('reason', () => String, { description: 'Why, 1 to 200 characters; kept with the swipe.' })
    reason: string,
  ): Promise<typeof VoidResultUnion> {
    return takeBack(context, 'correctSwipe', correctSwipe, { swipeId, reason });
  }

  @FieldResolver(() => FacilityType, { description: 'The canteen that the reader is bound to.' })
  canteen(@Root() receipt: SwipeReceiptType, @Ctx() context: Context): Promise<FacilityType> {
    return context.loaders.facilityById.load(receipt.canteenId);
  }

  @FieldResolver(() => [RuleUseType], {
    description:
      'What each rule gave; empty when none did. A reader counts it until its list holds the meal.',
  })
  async gave(@Root() { canteenId, uses }: SwipeReceiptType, @Ctx() context: Context): Promise<RuleUseType[]> {
    const versions = await context.loaders.ruleVersionsAtCanteen.load(canteenId);
    return readUses(uses, versions).map((use) => ({ rule: useKey(use), fen: use.fen }));
  }
}

async function takeBack(
  context: Context,
  operation: string,
  work: typeof voidSwipe,
  { swipeId, reason }: { swipeId: string; reason: string },
): Promise<typeof VoidResultUnion> {
  const postingId = await context.services.ids.take(1);
  const request = { swipeId, reason, byId: context.accountId, now: context.now, postingId };
  const result = await context.audit.write((manager) => work(manager, request, context.scopeFor(operation)), {
    state: (manager) => swipeState(manager, swipeId),
  });
  return isRefusal(result) ? shownRefusal(result, context.language) : result;
}

/** The calling reader. Every READER grant names a canteen, so its absence is a grant that was taken away. */
function readerOf({ caller, language, origin }: Context): Omit<SwipeRequest, 'command'> {
  const canteenId = caller && canteenOf(caller);
  if (!caller || canteenId === undefined) throw forbidden(language);
  return {
    readerId: caller.accountId,
    canteenId,
    readerActive: !caller.revoked,
    address: origin.address,
  };
}

/** A live swipe that is new tells what the reader's clock showed a moment ago; a replay tells of another time. */
function noteClock(input: SwipeInput | undefined, { replayed }: SwipeAnswer, context: Context): void {
  if (!input || input.offline || replayed) return;
  context.services.sightings.tapped(context.accountId, input.swipedAt, context.now);
}

/** A tap with a value of another type was set aside before it came here, and what it is refused for is known there. */
function blamed(answer: SwipeAnswer, input: SwipeInput | undefined, context: Context): SwipeAnswer {
  if (answer.outcome !== 'INPUT_MALFORMED' || !input) return answer;
  const fault = context.faultOf(input.cardUid);
  return fault === undefined ? answer : { ...answer, field: fault };
}

/** The reader gets its id back as it wrote it, so that it finds the swipe again. */
function resultOf(answer: SwipeAnswer, swipeId: string, { language }: Context): SwipeResultType {
  return { ...answer, swipeId, message: swipeMessage(answer, language) };
}

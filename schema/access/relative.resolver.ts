import { Arg, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { FamilyRight } from '../../entities/access/access-grant.entity.js';
import type { ConsentWay } from '../../entities/access/family-consent.entity.js';
import { changeRelative, withdrawRelative } from '../../src/access/change-relative.js';
import { currentConsentText } from '../../src/access/consent-texts.js';
import { letRelativeIn } from '../../src/access/let-relative-in.js';
import type { RelativeRefusal } from '../../src/access/relative-refusals.js';
import { relativeState, stateOf } from '../../src/access/relative-state.js';
import { isLiving, type Relative } from '../../src/access/relatives.js';
import { isRefusal } from '../../src/shared/refusal.js';
import type { Context } from '../context.js';
import { ElderType } from '../elders/elder.type.js';
import { idOf } from '../shared/ids.js';
import { shownRefusal } from '../shared/refusal.js';
import { DateTimeScalar } from '../shared/scalars.js';
import { LetRelativeInInput } from './relative.input.js';
import {
  ConsentTextType,
  ConsentWayEnum,
  RelativeResultUnion,
  RelativeType,
  shownRelative,
  shownText,
} from './relative.type.js';
import { FamilyRightEnum } from './viewer.type.js';

@Resolver(() => ElderType)
export class RelativeResolver {
  @Query(() => ConsentTextType, {
    description:
      '[manager, family] The text under which relatives are let in now; show it before anybody agrees.',
  })
  async consentText(@Ctx() context: Context): Promise<ConsentTextType> {
    return shownText(await context.database.read(currentConsentText));
  }

  @FieldResolver(() => [RelativeType], {
    description:
      'The elder’s relatives in the order in which they were let in. Staff and a first relative see all of them, another relative itself alone.',
  })
  async relatives(
    @Root() elder: ElderType,
    @Ctx() context: Context,
    @Arg('ended', () => Boolean, { defaultValue: false, description: 'Those who are no more, too.' })
    ended: boolean,
  ): Promise<RelativeType[]> {
    const { relativesByElder, relativesSeen } = context.loaders;
    const [all, seen] = await Promise.all([relativesByElder.load(elder.id), relativesSeen.load(elder.id)]);
    const now = context.asker.now;
    return all
      .filter((one) => (seen === 'all' || seen.includes(one.id)) && (ended || isLiving(one, now)))
      .map(shownRelative);
  }

  @Mutation(() => RelativeResultUnion, {
    description:
      '[manager, family] Lets a relative of an elder in, who then signs in by a code to the phone. The elder does so through staff, or a first relative within its own rights and end.',
  })
  async letRelativeIn(
    @Ctx() context: Context,
    @Arg('input', () => LetRelativeInInput, { description: 'Whom, to what, and how it was agreed.' })
    { elderId, until: untilAt, ...input }: LetRelativeInInput,
  ): Promise<typeof RelativeResultUnion> {
    const wanted = { ...input, elderId: idOf(elderId) ?? 0, untilAt };
    const scope = await context.elderScopeFor('letRelativeIn');
    const { asker } = context;
    const result = await context.audit.write((manager) => letRelativeIn(manager, wanted, scope, asker), {
      about: { elderId: wanted.elderId },
      state: async (manager, relative) =>
        relative && !isRefusal(relative) ? stateOf(manager, relative) : undefined,
    });
    return shown(result, context);
  }

  @Mutation(() => RelativeResultUnion, {
    description:
      '[manager, family] Gives a relative other rights or another end, with a consent of its own. What a first relative gave others shrinks with its own rights.',
  })
  async changeRelativeRights(
    @Ctx() context: Context,
    @Arg('grantId', () => ID, { description: 'The relative; for a first relative, one whom it let in.' })
    grantId: string,
    @Arg('rights', () => [FamilyRightEnum], { description: 'All that the relative is to have.' })
    rights: FamilyRight[],
    @Arg('until', () => DateTimeScalar, { description: 'The end, which lies ahead, by ten years at most.' })
    untilAt: Date,
    @Arg('how', () => ConsentWayEnum, { description: 'How it was agreed.' }) how: ConsentWay,
    @Arg('consentVersion', () => String, { description: 'The version of consentText that was agreed to.' })
    consentVersion: string,
  ): Promise<typeof RelativeResultUnion> {
    const change = { grantId: idOf(grantId) ?? 0, rights, untilAt, how, consentVersion };
    const scope = await context.elderScopeFor('changeRelativeRights');
    const { asker } = context;
    const result = await context.audit.write((manager) => changeRelative(manager, change, scope, asker), {
      state: (manager, relative) =>
        relativeState(manager, { grantId: change.grantId, scope, asker }, relative),
    });
    return shown(result, context);
  }

  @Mutation(() => RelativeResultUnion, {
    description:
      '[manager, family] Takes a consent back: the relative’s next request sees nothing of the elder, and neither do those whom it let in. A relative may leave by itself.',
  })
  async withdrawRelative(
    @Ctx() context: Context,
    @Arg('grantId', () => ID, {
      description: 'The relative; for a relative, itself or, for a first one, somebody whom it let in.',
    })
    grantId: string,
    @Arg('how', () => ConsentWayEnum, { description: 'How it was taken back.' }) how: ConsentWay,
  ): Promise<typeof RelativeResultUnion> {
    const withdrawal = { grantId: idOf(grantId) ?? 0, how };
    const scope = await context.elderScopeFor('withdrawRelative');
    const { asker } = context;
    const result = await context.audit.write(
      (manager) => withdrawRelative(manager, withdrawal, scope, asker),
      {
        state: (manager, relative) =>
          relativeState(manager, { grantId: withdrawal.grantId, scope, asker }, relative),
      },
    );
    return shown(result, context);
  }
}

function shown(result: Relative | RelativeRefusal, context: Context): typeof RelativeResultUnion {
  if (isRefusal(result)) return shownRefusal(result, context.language);
  // An alias of the same request may have looked at the relatives before.
  context.loaders.relativesByElder.clear(result.elderId);
  return shownRelative(result);
}

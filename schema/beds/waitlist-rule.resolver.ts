import { Arg, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql';
import {
  linesAt,
  setFreeBedsOffered,
  setOffersPassOn,
  setWaitlistClasses,
  setWaitlistRule,
  waitlistClassesState,
  waitlistRuleState,
} from '../../src/beds/set-waitlist-rules.js';
import { classSets, datedTerms } from '../../src/beds/waitlist-terms.js';
import { isRefusal } from '../../src/shared/refusal.js';
import type { Context } from '../context.js';
import { idOf } from '../shared/ids.js';
import { shownRefusal } from '../shared/refusal.js';
import { DateScalar } from '../shared/scalars.js';
import { BedTypeEnum, type BedTypeValue } from './bed-state.type.js';
import { WaitlistClassInput, WaitlistRuleInput } from './waitlist-rule.input.js';
import {
  shownClasses,
  WaitlistClassesResultUnion,
  WaitlistClassesType,
  WaitlistLineResultUnion,
  WaitlistLineType,
  WaitlistRuleResultUnion,
  WaitlistRuleType,
} from './waitlist-rule.type.js';

/** Stands for an id that is malformed: no row has it. */
const nobody = 0;
const fromDay = { description: 'The first day, today or later.' };

/** By what rules people wait and beds are offered. */
@Resolver()
export class WaitlistRuleResolver {
  @Query(() => [WaitlistRuleType], {
    description: '[manager] How beds are offered: every rule that counts, counted or will, the latest first.',
  })
  waitlistRules(@Ctx() context: Context): Promise<WaitlistRuleType[]> {
    return context.database.read(datedTerms);
  }

  @Query(() => [WaitlistClassesType], {
    description:
      '[manager] Who comes before whom: every set of classes that counts, counted or will, the latest first.',
  })
  async waitlistClasses(@Ctx() context: Context): Promise<WaitlistClassesType[]> {
    const sets = await context.database.read(classSets);
    return sets.map((set) => shownClasses(set, context.language));
  }

  @Query(() => [WaitlistLineType], {
    description:
      '[manager] The lines of a facility and whether its beds pass on by themselves; empty for a place that is unknown or outside what the caller’s grants cover.',
  })
  waitlistLines(
    @Ctx() context: Context,
    @Arg('facilityId', () => ID, { description: 'Which facility.' }) facility: string,
  ): Promise<WaitlistLineType[]> {
    const scope = context.scopeFor('waitlistLines');
    return context.database.read((manager) => linesAt(manager, idOf(facility) ?? nobody, context.now, scope));
  }

  @Mutation(() => WaitlistRuleResultUnion, {
    description:
      '[administrator] Sets how beds are offered from a day on, today or later, everywhere; only an administrator of everything may. A rule of the same day is replaced. What was offered before keeps its expiry.',
  })
  async setWaitlistRule(
    @Ctx() context: Context,
    @Arg('from', () => DateScalar, fromDay) from: string,
    @Arg('rule', () => WaitlistRuleInput, { description: 'The terms.' }) rule: WaitlistRuleInput,
  ): Promise<typeof WaitlistRuleResultUnion> {
    const scope = context.scopeFor('setWaitlistRule');
    const result = await context.audit.write(
      (manager) => setWaitlistRule(manager, { from, rule: { ...rule }, now: context.now }, scope),
      { state: (manager) => waitlistRuleState(manager, from) },
    );
    return isRefusal(result) ? shownRefusal(result, context.language) : result;
  }

  @Mutation(() => WaitlistClassesResultUnion, {
    description:
      '[administrator] Sets who comes before whom from a day on, today or later, everywhere; only an administrator of everything may. Classes of the same day are replaced, all of them. RULE_INVALID where somebody would belong to none, nobody to one, or one would come before that above it.',
  })
  async setWaitlistClasses(
    @Ctx() context: Context,
    @Arg('from', () => DateScalar, fromDay) from: string,
    @Arg('classes', () => [WaitlistClassInput], {
      description: 'In the order in which they are tried, 1 to 30; the last asks nothing.',
    })
    classes: WaitlistClassInput[],
  ): Promise<typeof WaitlistClassesResultUnion> {
    const scope = context.scopeFor('setWaitlistClasses');
    const rows = classes.map(({ rank, category, levelMin, ageMin, atOnce, nameZh, nameEn }) => ({
      ...{ rank, atOnce, name: { zh: nameZh, en: nameEn } },
      ...{ category: category ?? null, levelMin: levelMin ?? null, ageMin: ageMin ?? null },
    }));
    const result = await context.audit.write(
      (manager) => setWaitlistClasses(manager, { from, classes: rows, now: context.now }, scope),
      { state: (manager) => waitlistClassesState(manager, from) },
    );
    return isRefusal(result)
      ? shownRefusal(result, context.language)
      : shownClasses(result, context.language);
  }

  @Mutation(() => WaitlistLineResultUnion, {
    description:
      '[manager] Says whether beds of a line that somebody did not take are offered to the next by themselves, or wait for a manager. WRONG_STATE where nobody has waited yet.',
  })
  async setOffersPassOn(
    @Ctx() context: Context,
    @Arg('facilityId', () => ID, { description: 'Where.' }) facility: string,
    @Arg('type', () => BedTypeEnum, { description: 'For which type of bed.' }) type: BedTypeValue,
    @Arg('passesOn', () => Boolean, {
      nullable: true,
      description: 'Whether they pass on by themselves; as the rule says without it.',
    })
    passesOn: boolean | null | undefined,
  ): Promise<typeof WaitlistLineResultUnion> {
    const facilityId = idOf(facility) ?? nobody;
    const wanted = { facilityId, type, passesOn: passesOn ?? null, now: context.now };
    const scope = context.scopeFor('setOffersPassOn');
    const result = await context.audit.write((manager) => setOffersPassOn(manager, wanted, scope), {
      told: (line) => (isRefusal(line) ? {} : { facilityId, subject: `waiting-line:${type}` }),
    });
    return isRefusal(result) ? shownRefusal(result, context.language) : result;
  }

  @Mutation(() => WaitlistLineResultUnion, {
    description:
      '[manager] Says whether free beds of a line are offered to the next whom they suit by themselves, in the caller’s name, or wait for a manager. WRONG_STATE where nobody has waited yet.',
  })
  async setFreeBedsOffered(
    @Ctx() context: Context,
    @Arg('facilityId', () => ID, { description: 'Where.' }) facility: string,
    @Arg('type', () => BedTypeEnum, { description: 'For which type of bed.' }) type: BedTypeValue,
    @Arg('offersFree', () => Boolean, { description: 'Whether they are.' }) offersFree: boolean,
  ): Promise<typeof WaitlistLineResultUnion> {
    const facilityId = idOf(facility) ?? nobody;
    const { accountId: byId, now } = context;
    const wanted = { facilityId, type, offersFree, byId, now };
    const scope = context.scopeFor('setFreeBedsOffered');
    const result = await context.audit.write((manager) => setFreeBedsOffered(manager, wanted, scope), {
      told: (line) => (isRefusal(line) ? {} : { facilityId, subject: `waiting-line:${type}` }),
    });
    return isRefusal(result) ? shownRefusal(result, context.language) : result;
  }
}

import { Arg, Ctx, ID, Query, Resolver } from 'type-graphql';
import type { Meal } from '../../entities/meals/meal-window.entity.js';
import type { DiningMode, MenuKind } from '../../entities/meals/swipe.entity.js';
import { noStays } from '../../src/elders/institution-stays.js';
import { mealFenMax } from '../../src/meals/meal-price.rules.js';
import { explainSubsidy, type SubsidyExplanation } from '../../src/meals/rules/explain-subsidy.js';
import { explanationText } from '../../src/meals/rules/explanation-words.rules.js';
import { findingText } from '../../src/meals/rules/finding-words.rules.js';
import {
  isPreviewable,
  lastMonth,
  previewBound,
  previewDaysMax,
  previewRuleChange,
} from '../../src/meals/rules/preview-rule-change.js';
import { subsidyRules } from '../../src/meals/rules/subsidy-rules.js';
import { isDiscount } from '../../src/meals/subsidy.rules.js';
import { ruleLabel } from '../../src/meals/swipe-receipt.js';
import { findVersion } from '../../src/rule-versions/list-versions.js';
import { dayOf, instantOn } from '../../src/shared/china-time.js';
import type { Context } from '../context.js';
import { badUserInput } from '../shared/errors.js';
import { idOf } from '../shared/ids.js';
import { notFound } from '../shared/refusal.js';
import { DateScalar, DateTimeScalar, FenScalar } from '../shared/scalars.js';
import { DiningModeEnum, MealEnum, MenuKindEnum } from './meal.type.js';
import { RuleImpactType } from './rule-impact.type.js';
import { SubsidyExplanationType } from './subsidy-explanation.type.js';

/** Questions about subsidy rules, which write nothing. */
@Resolver()
export class SubsidyQuestionResolver {
  @Query(() => SubsidyExplanationType, {
    nullable: true,
    description:
      '[manager] How a meal is split, by the very rules that decide swipes, and why each rule applies or not. A meal that was had does not count against its own caps; the elder is taken as the file is today. Where no swipe would be accepted, because the file has ended, the canteen is not open, serves nothing at that minute or has no meal as dear, nothing is given and the summary says why. Null when there is no such elder in the caller’s scope, no such canteen, or no such meal there.',
  })
  async explainSubsidy(
    @Ctx() context: Context,
    @Arg('elderId', () => ID, { description: 'The elder.' }) elderId: string,
    @Arg('canteenId', () => ID, { description: 'The canteen’s facility.' }) canteenId: string,
    @Arg('grossFen', () => FenScalar, { description: 'The bill, 1 to 1000000 fen.' }) grossFen: number,
    @Arg('at', () => DateTimeScalar, {
      nullable: true,
      description:
        'The instant of the tap; or else date and meal, by which a meal that is brought is asked about.',
    })
    at: Date | null | undefined,
    @Arg('date', () => DateScalar, {
      nullable: true,
      description:
        'The day, together with meal; rules with hours are asked about the middle of its serving time.',
    })
    date: string | null | undefined,
    @Arg('meal', () => MealEnum, { nullable: true, description: 'The meal, together with date.' })
    meal: Meal | null | undefined,
    @Arg('mode', () => DiningModeEnum, { defaultValue: 'DINE_IN', description: 'Where the meal is eaten.' })
    mode: DiningMode,
    @Arg('menu', () => MenuKindEnum, { defaultValue: 'SET_MEAL', description: 'What is eaten.' })
    menu: MenuKind,
  ): Promise<SubsidyExplanationType | null> {
    const { language, now } = context;
    if (grossFen <= 0 || grossFen > mealFenMax) {
      const text = { zh: `须在 1 至 ${mealFenMax} 分之间`, en: `must be 1 to ${mealFenMax} fen` };
      throw badUserInput(['grossFen'], text, language);
    }
    const tap = at ? { at } : date && meal ? { day: date, meal } : undefined;
    if (!tap || (at && (date || meal))) {
      const text = { zh: '须给出 at，或 date 与 meal', en: 'at must be given, or date and meal' };
      throw badUserInput(['at'], text, language);
    }
    const question = {
      elderId: idOf(elderId) ?? 0,
      canteenId: idOf(canteenId) ?? 0,
      tap,
      mode,
      menu,
      grossFen,
      now,
      stays: context.services.stays ?? noStays,
    };
    const scope = context.scopeFor('explainSubsidy');
    const found = await context.database.read((manager) => explainSubsidy(manager, question, scope));
    if (!found) await context.audit.refused('explainSubsidy', notFound, { elderId, canteenId });
    return found ? shown(found, context) : null;
  }

  @Query(() => RuleImpactType, {
    nullable: true,
    description:
      '[finance, administrator] What the meals of last month, or of other days, would have cost if this version had been in force, beside what they did cost; of more meals than one answer can look at those that it could, and complete is false. Null when the caller may not see the version.',
  })
  async previewRuleChange(
    @Ctx() context: Context,
    @Arg('id', () => ID, { description: 'The version, whatever its status.' }) id: string,
    @Arg('fromDay', () => DateScalar, { nullable: true, description: 'The first day; with toDay.' })
    fromDay: string | null | undefined,
    @Arg('toDay', () => DateScalar, {
      nullable: true,
      description: `The first day after them, at most ${previewDaysMax} later.`,
    })
    toDay: string | null | undefined,
  ): Promise<RuleImpactType | null> {
    const today = dayOf(context.now);
    const days = fromDay && toDay ? { fromDay, toDay } : lastMonth(today);
    if (Boolean(fromDay) !== Boolean(toDay) || !isPreviewable(days)) {
      const text = {
        zh: `起止日须同时给出，且为 1 至 ${previewDaysMax} 天`,
        en: `both ends must be given, 1 to ${previewDaysMax} days apart`,
      };
      throw badUserInput(['toDay'], text, context.language);
    }
    const scope = context.scopeFor('previewRuleChange');
    const bounds = { stays: context.services.stays ?? noStays, bound: previewBound() };
    const impact = await context.database.read(async (manager) => {
      const rules = await findVersion(manager, subsidyRules, idOf(id) ?? 0, scope, today);
      return rules && previewRuleChange(manager, rules, days, bounds);
    });
    if (!impact) await context.audit.refused('previewRuleChange', notFound, { id });
    return impact ?? null;
  }
}

function shown(explanation: SubsidyExplanation, { language }: Context): SubsidyExplanationType {
  const { canteenId, day, meal, minute, split, names } = explanation;
  const { subsidyFen, discountFen, selfPaidFen } = split;
  return {
    canteenId,
    date: day,
    meal,
    judgedAt: instantOn(day, minute),
    grossFen: subsidyFen + discountFen + selfPaidFen,
    subsidyFen,
    discountFen,
    selfPaidFen,
    funding: split.shares.flatMap((share) =>
      share.funder && !isDiscount(share) ? [{ funder: share.funder.name, fen: share.fen }] : [],
    ),
    summary: explanationText(explanation)[language],
    rules: split.looked.map((looked) => ({
      ruleSet: ruleLabel(looked.set.code, looked.set.version),
      code: looked.rule.code,
      name: looked.rule.name[language],
      finding: looked.finding.found,
      reason: findingText(looked, names)[language],
      fen: looked.finding.found === 'APPLIED' ? looked.finding.fen : 0,
    })),
  };
}

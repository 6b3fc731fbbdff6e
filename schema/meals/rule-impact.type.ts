import { Field, Int, ObjectType } from 'type-graphql';
import { DateScalar, FenScalar } from '../shared/scalars.js';

@ObjectType('MealCosts', { simpleResolvers: true, description: 'What meals cost those who bear them.' })
export class MealCostsType {
  @Field(() => FenScalar, { description: 'Borne by levels of government, in fen.' })
  subsidyFen!: number;

  @Field(() => FenScalar, { description: 'Borne by canteens or donors, in fen.' })
  discountFen!: number;

  @Field(() => FenScalar, { description: 'Borne by the elders, in fen.' })
  selfPaidFen!: number;
}

@ObjectType('FunderCosts', {
  simpleResolvers: true,
  description: 'What one funder bears of the meals of some days.',
})
export class FunderCostsType {
  @Field(() => String, { description: "The funder's name." })
  funder!: string;

  @Field(() => FenScalar, { description: 'What it did bear, by the ledger, in fen.' })
  actualFen!: number;

  @Field(() => FenScalar, { description: 'What it would have borne, in fen.' })
  proposedFen!: number;
}

@ObjectType('OperatorCosts', {
  simpleResolvers: true,
  description: 'What funders owe the operators of canteens beside the meals.',
})
export class OperatorCostsType {
  @Field(() => FenScalar, { description: 'By the rules that were in force, in fen.' })
  actualFen!: number;

  @Field(() => FenScalar, { description: 'By the other rules, in fen.' })
  proposedFen!: number;
}

@ObjectType('SubsidyRuleImpact', {
  simpleResolvers: true,
  description: 'What the meals of some days cost, and what they would have cost under other rules.',
})
export class RuleImpactType {
  @Field(() => DateScalar, { description: 'The first day.' })
  fromDay!: string;

  @Field(() => DateScalar, { description: 'The first day after them.' })
  toDay!: string;

  @Field(() => Boolean, {
    description:
      'False when there was more than can be looked at in one answer: every figure is then of the elders who were looked at and of no others. Ask for fewer days.',
  })
  complete!: boolean;

  @Field(() => Int, { description: 'How many elders with cards were looked at.' })
  eldersLookedAt!: number;

  @Field(() => Int, { description: 'How many elders with cards there are.' })
  eldersInAll!: number;

  @Field(() => Int, {
    description: 'Recorded meals that were not voided, in the canteens that the rules are for.',
  })
  meals!: number;

  @Field(() => Int, {
    description:
      'Of these, the meals of which somebody would have paid another part, be it one funder instead of another. What a person decides, as of meals for review, is the same by any rules.',
  })
  changed!: number;

  @Field(() => MealCostsType, {
    description:
      'What they did cost, by the ledger as it is now: after reviews and disputes that were decided. While nobody has decided, the canteen bears a meal for review, and funders a doubted subsidy.',
  })
  actual!: MealCostsType;

  @Field(() => MealCostsType, { description: 'What they would have cost.' })
  proposed!: MealCostsType;

  @Field(() => [FunderCostsType], {
    description:
      'What each funder bore and would have borne, donors among them; whoever would bear most first.',
  })
  funding!: FunderCostsType[];

  @Field(() => OperatorCostsType, { description: 'What operators get beside the meals.' })
  operators!: OperatorCostsType;
}

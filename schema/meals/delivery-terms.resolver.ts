import {
  Arg,
  Ctx,
  createUnionType,
  Field,
  Float,
  ID,
  InputType,
  Int,
  Mutation,
  ObjectType,
  Resolver,
} from 'type-graphql';
import {
  configureDelivery,
  type DeliveryTermsRefusalCode,
  deliveryTermsState,
} from '../../src/meals/deliveries/delivery-terms.js';
import { dayOf } from '../../src/shared/china-time.js';
import { isRefusal } from '../../src/shared/refusal.js';
import type { Context } from '../context.js';
import { enumeration } from '../shared/enumeration.js';
import { idOf } from '../shared/ids.js';
import { shownRefusal } from '../shared/refusal.js';
import { FenScalar } from '../shared/scalars.js';

@InputType({ description: 'On which terms a canteen has meals brought, in the place of those it had.' })
export class ConfigureDeliveryInput {
  @Field(() => ID, { description: 'A canteen that was configured.' })
  canteenId!: string;

  @Field(() => FenScalar, {
    nullable: true,
    description:
      'What a set meal that is brought costs on the menu, 1 to 1000000 fen; orders keep the price of their time. Left out: no meals are brought from now on.',
  })
  priceFen?: number | null;

  @Field(() => Int, {
    description:
      'How long before the meal’s window begins it can be ordered and called off no more, 0 to 2880 minutes.',
  })
  cutoffMinutes!: number;

  @Field(() => Float, {
    nullable: true,
    description: 'Where volunteers set out: degrees, WGS 84, -90 to 90. Left out when it is not known.',
  })
  latitude?: number | null;

  @Field(() => Float, { nullable: true, description: 'Degrees, WGS 84, -180 to 180; with the latitude.' })
  longitude?: number | null;
}

@ObjectType('DeliveryTerms', {
  simpleResolvers: true,
  description:
    'On which terms a canteen has meals brought. Who may have them brought is said by the subsidy rules.',
})
export class DeliveryTermsType {
  @Field(() => ID, { description: "The canteen's facility." })
  canteenId!: number;

  @Field(() => FenScalar, {
    nullable: true,
    description: 'What a set meal that is brought costs on the menu, in fen; null when none are brought.',
  })
  priceFen!: number | null;

  @Field(() => Int, {
    description: 'How long before the meal’s window begins orders are closed, in minutes.',
  })
  cutoffMinutes!: number;

  @Field(() => Float, { nullable: true, description: 'Where volunteers set out: degrees, WGS 84.' })
  latitude!: number | null;

  @Field(() => Float, { nullable: true, description: 'Degrees, WGS 84.' })
  longitude!: number | null;
}

export const DeliveryTermsRefusalCodeEnum = enumeration<DeliveryTermsRefusalCode>(
  'DeliveryTermsRefusalCode',
  'Why the terms were not changed. When several apply, the first in this list is the answer.',
  {
    CANTEEN_UNKNOWN: 'No configured canteen has this id, as far as the caller may see.',
    PRICE_OUT_OF_RANGE: 'The price is zero, negative, or above the dearest meal of the canteen.',
    CUTOFF_OUT_OF_RANGE: 'The cutoff is negative, or longer than two days.',
    POSITION_INVALID: 'Only one of latitude and longitude, or no place on the earth.',
  },
);

@ObjectType('DeliveryTermsRefusal', { simpleResolvers: true, description: 'The terms stay, and why.' })
export class DeliveryTermsRefusalType {
  @Field(() => DeliveryTermsRefusalCodeEnum, { description: 'Why.' })
  code!: DeliveryTermsRefusalCode;

  @Field(() => String, { description: 'The same in words, in the language of the request.' })
  message!: string;

  @Field(() => [String], { nullable: true, description: 'The input field at fault, as a path.' })
  field!: readonly string[] | null;
}

export const DeliveryTermsResultUnion = createUnionType({
  name: 'DeliveryTermsResult',
  description: 'The terms from now on, or why not.',
  types: () => [DeliveryTermsType, DeliveryTermsRefusalType] as const,
  resolveType: (value) => ('code' in value ? DeliveryTermsRefusalType : DeliveryTermsType),
});

@Resolver()
export class DeliveryTermsResolver {
  @Mutation(() => DeliveryTermsResultUnion, {
    description:
      '[manager] Sets at which price and up to when a canteen takes orders for meals that are brought.',
  })
  async configureDelivery(
    @Ctx() context: Context,
    @Arg('input', () => ConfigureDeliveryInput, { description: 'The new terms.' })
    input: ConfigureDeliveryInput,
  ): Promise<typeof DeliveryTermsResultUnion> {
    const { priceFen = null, latitude = null, longitude = null, cutoffMinutes } = input;
    const wanted = { canteenId: idOf(input.canteenId) ?? 0, priceFen, cutoffMinutes, latitude, longitude };
    const scope = context.scopeFor('configureDelivery');
    const result = await context.audit.write(
      (manager) => configureDelivery(manager, wanted, scope, dayOf(context.now)),
      { state: (manager) => deliveryTermsState(manager, wanted.canteenId) },
    );
    return isRefusal(result) ? shownRefusal(result, context.language) : result;
  }
}

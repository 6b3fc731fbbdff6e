import { createUnionType, Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { GenderRule, ServiceGroup } from '../../entities/visits/home-service.entity.js';
import type { ServiceRefusalCode } from '../../src/visits/service-refusals.js';
import { enumeration } from '../shared/enumeration.js';
import { DateScalar, FenScalar } from '../shared/scalars.js';

export const ServiceGroupEnum = enumeration<ServiceGroup>(
  'ServiceGroup',
  'The groups of home services of GB/T 43153-2023.',
  {
    DAILY_CARE: '生活照料, daily living.',
    BASIC_NURSING: '基础照护, basic nursing.',
    HEALTH: '健康管理, health management.',
    VISITING: '探访关爱, looking in.',
    COMFORT: '精神慰藉, comfort.',
    ERRANDS: '委托代办, errands.',
    ADAPTATION: '环境适老化改造, adapting the home.',
  },
);

export const GenderRuleEnum = enumeration<GenderRule>('GenderRule', 'Who may bring a service.', {
  ANY: 'Anybody who has the skill.',
  SAME: "Somebody of the elder's own gender.",
});

const minutes = 'How long one visit lasts, 1 to 720 minutes, travel left out.';
const preparation = 'At the station before setting out, 0 to 240 minutes.';
const buffer = 'Kept free after the visit, 0 to 240 minutes.';
const skill =
  'The skill that each caregiver must have, 1 to 24 of A-Z, 0-9 and the hyphen; null when anyone may bring it.';
const secondMin =
  'The least number of minutes that the second of two caregivers comes after the first; both stay to the end. Null when they begin together.';
const secondMax = 'The most; before the visit ends. With the least.';

@InputType({ description: 'What a visit of a service takes.' })
export class ServiceTermsInput {
  @Field(() => String, { description: 'The name in Chinese, 1 to 40 characters.' })
  nameZh!: string;

  @Field(() => String, { description: 'The name in English, 1 to 80 characters.' })
  nameEn!: string;

  @Field(() => Int, { description: minutes })
  minutes!: number;

  @Field(() => Int, { defaultValue: 0, description: preparation })
  preparationMinutes!: number;

  @Field(() => Int, { defaultValue: 0, description: buffer })
  bufferMinutes!: number;

  @Field(() => String, { nullable: true, description: skill })
  skill?: string | null;

  @Field(() => Int, { defaultValue: 1, description: 'How many caregivers it takes, one or two.' })
  caregivers!: number;

  @Field(() => Int, { nullable: true, description: secondMin })
  secondAfterMin?: number | null;

  @Field(() => Int, { nullable: true, description: secondMax })
  secondAfterMax?: number | null;

  @Field(() => GenderRuleEnum, { defaultValue: 'ANY', description: 'Who may bring it.' })
  genderRule!: GenderRule;
}

@InputType({ description: 'A service that the catalogue does not have yet.' })
export class AddServiceInput extends ServiceTermsInput {
  @Field(() => String, {
    description:
      'Unique and never changed: 1 to 32 of A-Z, 0-9 and the hyphen. A booking names the service by it.',
  })
  code!: string;

  @Field(() => ServiceGroupEnum, { description: 'Its group; never changed.' })
  group!: ServiceGroup;

  @Field(() => DateScalar, { description: 'The first day of its price, today at the earliest.' })
  fromDay!: string;

  @Field(() => FenScalar, { description: 'What one visit costs from that day on, 0 to 10000000 fen.' })
  priceFen!: number;
}

@ObjectType('ServicePrice', { simpleResolvers: true, description: 'What one visit costs from a day on.' })
export class ServicePriceType {
  @Field(() => DateScalar, { description: 'The first day; it lasts until a later price begins.' })
  fromDay!: string;

  @Field(() => FenScalar, { description: 'The price in fen.' })
  fen!: number;
}

@ObjectType('ServiceOffer', {
  simpleResolvers: true,
  description: 'That a service is offered, or is not, at a station or beneath a place from a day on.',
})
export class ServiceOfferType {
  @Field(() => ID, { description: 'The station, or the place above it.' })
  facilityId!: number;

  @Field(() => DateScalar, { description: 'The first day; it lasts until the place says otherwise.' })
  fromDay!: string;

  @Field(() => Boolean, { description: 'Whether it is offered.' })
  isOffered!: boolean;
}

@ObjectType('CatalogService', {
  simpleResolvers: true,
  description: 'A service with everything that is said of it, for whoever keeps the catalogue.',
})
export class CatalogServiceType {
  @Field(() => String, { description: 'Unique and stable.' })
  code!: string;

  @Field(() => ServiceGroupEnum, { description: 'Its group.' })
  serviceGroup!: ServiceGroup;

  @Field(() => String, { description: 'The name in Chinese.' })
  nameZh!: string;

  @Field(() => String, { description: 'The name in English.' })
  nameEn!: string;

  @Field(() => Int, { description: minutes })
  minutes!: number;

  @Field(() => Int, { description: preparation })
  preparationMinutes!: number;

  @Field(() => Int, { description: buffer })
  bufferMinutes!: number;

  @Field(() => String, { nullable: true, description: skill })
  skill!: string | null;

  @Field(() => Int, { description: 'How many caregivers it takes, one or two.' })
  caregivers!: number;

  @Field(() => Int, { nullable: true, description: secondMin })
  secondAfterMin!: number | null;

  @Field(() => Int, { nullable: true, description: secondMax })
  secondAfterMax!: number | null;

  @Field(() => GenderRuleEnum, { description: 'Who may bring it.' })
  genderRule!: GenderRule;

  @Field(() => [ServicePriceType], {
    description: 'All prices, the earliest first; none before there is one.',
  })
  prices!: ServicePriceType[];

  @Field(() => Boolean, {
    description:
      'Whether the facility offers it on the day, or whatever is beneath it and says nothing itself.',
  })
  isOffered!: boolean;

  @Field(() => [ServiceOfferType], {
    description: 'What the facility and the places above it say, later days too.',
  })
  offers!: ServiceOfferType[];
}

export const ServiceRefusalCodeEnum = enumeration<ServiceRefusalCode>(
  'ServiceRefusalCode',
  'Why nothing in the catalogue was changed. When several apply, the first in this list is the answer.',
  {
    FACILITY_UNKNOWN: 'No facility has this id, as far as the caller may see.',
    SERVICE_UNKNOWN: 'No service has this code.',
    CODE_INVALID: 'The code is not 1 to 32 of A-Z, 0-9 and the hyphen.',
    CODE_TAKEN: 'A service has this code already.',
    NAME_INVALID: 'A name is empty or too long.',
    MINUTES_OUT_OF_RANGE: 'A visit lasts 1 to 720 minutes; preparation and buffer take 0 to 240.',
    CAREGIVERS_OUT_OF_RANGE: 'It takes one caregiver, or two.',
    PAIR_INVALID:
      'When the second comes is said of two caregivers alone, before the visit ends, the least first.',
    SKILL_INVALID: 'The skill is not 1 to 24 of A-Z, 0-9 and the hyphen.',
    PRICE_OUT_OF_RANGE: 'The price is negative, or above 10000000 fen.',
    DATE_OUT_OF_RANGE: 'The day lies in the past, or more than three years ahead.',
    PRICE_BEGUN: 'The price of that day has begun, and visits were booked at it.',
    SERVICE_BOOKED: 'Visits are booked with as many caregivers as it takes now.',
  },
);

@ObjectType('ServiceRefusal', { simpleResolvers: true, description: 'The catalogue stays, and why.' })
export class ServiceRefusalType {
  @Field(() => ServiceRefusalCodeEnum, { description: 'Why.' })
  code!: ServiceRefusalCode;

  @Field(() => String, { description: 'The same in words, in the language of the request.' })
  message!: string;

  @Field(() => [String], { nullable: true, description: 'The input field at fault, as a path.' })
  field!: readonly string[] | null;
}

@ObjectType('ServiceChanged', { simpleResolvers: true, description: 'The catalogue was changed.' })
export class ServiceChangedType {
  @Field(() => String, { description: 'The code of the service.' })
  serviceCode!: string;
}

export const ServiceResultUnion = createUnionType({
  name: 'ServiceResult',
  description: 'Which service was changed, or why none was.',
  types: () => [ServiceChangedType, ServiceRefusalType] as const,
  resolveType: (value) => ('code' in value ? ServiceRefusalType : ServiceChangedType),
});

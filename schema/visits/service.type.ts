import { Field, Int, ObjectType } from 'type-graphql';
import type { Language } from '../../src/shared/text.js';
import type { OfferedService } from '../../src/visits/find-services.js';
import { serviceGroupNames } from '../../src/visits/service-groups.rules.js';
import { FenScalar } from '../shared/scalars.js';

@ObjectType('Service', {
  simpleResolvers: true,
  description: 'A service that a home-care station brings to an elder, as its catalogue lists it.',
})
export class ServiceType {
  @Field(() => String, { description: 'Unique and stable; a booking names the service by it.' })
  code!: string;

  @Field(() => String, {
    description: 'As the catalogue calls it, such as 助浴, in the language of accept-language.',
  })
  name!: string;

  @Field(() => String, {
    description: "The standard's group of services (GB/T 43153-2023), in the language of accept-language.",
  })
  group!: string;

  @Field(() => Int, { description: 'How long one visit lasts, in minutes, travel left out.' })
  minutes!: number;

  @Field(() => FenScalar, {
    description:
      'The price of one visit in fen, before hours that a government pays: today’s, or of a visit the agreed one.',
  })
  priceFen!: number;

  @Field(() => String, {
    nullable: true,
    description: 'The skill that a caregiver must have for it; null when anyone may bring it.',
  })
  skill!: string | null;
}

export function shownService(service: OfferedService, language: Language): ServiceType {
  const { code, serviceGroup, nameZh, nameEn, minutes, priceFen, skill } = service;
  const group = serviceGroupNames[serviceGroup][language];
  return { code, name: language === 'zh' ? nameZh : nameEn, group, minutes, priceFen, skill };
}

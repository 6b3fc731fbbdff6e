import { Field, ObjectType } from 'type-graphql';
import type { CityCategoryTerms } from '../../src/elders/city-categories.js';
import type { Language } from '../../src/shared/text.js';

@ObjectType('CityCategory', {
  simpleResolvers: true,
  description: 'A group of elders that the city’s own policies name, beside those of ElderCategory.',
})
export class CityCategoryType {
  @Field(() => String, { description: '1 to 24 of A-Z, 0-9 and the hyphen, as rules name it.' })
  code!: string;

  @Field(() => String, { description: 'The name in the language of accept-language.' })
  name!: string;
}

export function shownCityCategory({ code, name }: CityCategoryTerms, language: Language): CityCategoryType {
  return { code, name: name[language] };
}

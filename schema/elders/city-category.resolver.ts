import { Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { cityCategories } from '../../src/elders/city-categories.js';
import type { Context } from '../context.js';
import { CityCategoryType, shownCityCategory } from './city-category.type.js';
import { ElderType } from './elder.type.js';

/** The categories of the city's own, and who belongs to them. */
@Resolver(() => ElderType)
export class CityCategoryResolver {
  @Query(() => [CityCategoryType], {
    description:
      'The groups of elders that the city’s own policies name, by code; `npm run cli -- category add` adds one.',
  })
  async cityCategories(@Ctx() context: Context): Promise<CityCategoryType[]> {
    const all = await context.database.read(cityCategories);
    return all.map((each) => shownCityCategory(each, context.language));
  }

  @FieldResolver(() => [CityCategoryType], {
    name: 'cityCategories',
    description:
      'The categories of the city’s own the elder belongs to today, by code. Of the group HEALTH: FORBIDDEN to a relative without that right, and to whoever sees the elder by a visit alone.',
  })
  async cityCategoriesOf(@Root() { id }: ElderType, @Ctx() context: Context): Promise<CityCategoryType[]> {
    const own = await context.loaders.cityCategoriesByElder.load(id);
    return own.map((each) => shownCityCategory(each, context.language));
  }
}

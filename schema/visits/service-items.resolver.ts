import { Arg, Ctx, createUnionType, Field, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import { isRefusal } from '../../src/shared/refusal.js';
import { serviceItemsState, setServiceItems } from '../../src/visits/service-items.js';
import type { Context } from '../context.js';
import { shownRefusal } from '../shared/refusal.js';
import { CareRefusalType } from './care-refusal.type.js';

@InputType('ServiceItemInput', { description: 'Something that is taken along, in both languages.' })
export class ServiceItemInput {
  @Field(() => String, { description: 'In Chinese, 1 to 40 characters.' })
  zh!: string;

  @Field(() => String, { description: 'In English, 1 to 80 characters.' })
  en!: string;
}

@ObjectType('ServiceItems', { simpleResolvers: true, description: 'What is taken along to bring a service.' })
export class ServiceItemsType {
  @Field(() => String, { description: 'The code of the Service.' })
  serviceCode!: string;

  @Field(() => [String], { description: 'In the order of packing, in the language of accept-language.' })
  items!: string[];
}

export const ServiceItemsResultUnion = createUnionType({
  name: 'ServiceItemsResult',
  description: 'What is taken along from now on, or why nothing changed.',
  types: () => [ServiceItemsType, CareRefusalType] as const,
  resolveType: (value) => ('code' in value ? CareRefusalType : ServiceItemsType),
});

/** What caregivers take along. */
@Resolver()
export class ServiceItemsResolver {
  @Mutation(() => ServiceItemsResultUnion, {
    description:
      '[administrator] Says what is taken along to bring a service, in the place of what was said before; for the whole network.',
  })
  async setServiceItems(
    @Ctx() context: Context,
    @Arg('serviceCode', () => String, { description: 'The code of a Service.' }) serviceCode: string,
    @Arg('items', () => [ServiceItemInput], { description: 'At most 20, in the order of packing.' })
    items: ServiceItemInput[],
  ): Promise<typeof ServiceItemsResultUnion> {
    const scope = context.scopeFor('setServiceItems');
    const result = await context.audit.write(
      (manager) => setServiceItems(manager, { serviceCode, items }, scope),
      { state: (manager) => serviceItemsState(manager, serviceCode) },
    );
    if (isRefusal(result)) return shownRefusal(result, context.language);
    return { serviceCode, items: result.items.map((item) => item[context.language]) };
  }
}

import { Arg, Ctx, createUnionType, Field, ID, Mutation, ObjectType, Query, Resolver } from 'type-graphql';
import { elderState } from '../../src/elders/elder-state.js';
import { dayOf } from '../../src/shared/china-time.js';
import { isRefusal } from '../../src/shared/refusal.js';
import { doorTagState, doorTagsOf, issueDoorTag, revokeDoorTag } from '../../src/visits/door-tags.js';
import type { Context } from '../context.js';
import { idOf } from '../shared/ids.js';
import { shownRefusal } from '../shared/refusal.js';
import { DateTimeScalar } from '../shared/scalars.js';
import { CareRefusalType } from './care-refusal.type.js';

@ObjectType('DoorTag', {
  simpleResolvers: true,
  description: "A QR or NFC tag at an elder's door. Its text is known to nobody but the tag.",
})
export class DoorTagType {
  @Field(() => ID, { description: "The tag's identifier, which is not its text." })
  id!: number;

  @Field(() => DateTimeScalar, { description: 'When it was issued.' })
  issuedAt!: Date;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'Since when it is not believed any more; null while it is.',
  })
  revokedAt!: Date | null;
}

@ObjectType('IssuedDoorTag', { simpleResolvers: true, description: 'A new tag with its text.' })
export class IssuedDoorTagType {
  @Field(() => DoorTagType, { description: 'The tag.' })
  tag!: DoorTagType;

  @Field(() => String, {
    description: 'What is written into the tag or printed as a QR code. It is shown in this answer alone.',
  })
  text!: string;
}

export const IssueDoorTagResultUnion = createUnionType({
  name: 'IssueDoorTagResult',
  description: 'The new tag with its text, or why there is none.',
  types: () => [IssuedDoorTagType, CareRefusalType] as const,
  resolveType: (value) => ('code' in value ? CareRefusalType : IssuedDoorTagType),
});

export const RevokeDoorTagResultUnion = createUnionType({
  name: 'RevokeDoorTagResult',
  description: 'The tag, or why it stays.',
  types: () => [DoorTagType, CareRefusalType] as const,
  resolveType: (value) => ('code' in value ? CareRefusalType : DoorTagType),
});

/** Tags at doors, by which a caregiver shows to have stood there. */
@Resolver()
export class DoorTagResolver {
  @Query(() => [DoorTagType], {
    description: "[manager] The tags of an elder's door, revoked ones too, in the order of their issue.",
  })
  async doorTags(
    @Ctx() context: Context,
    @Arg('elderId', () => ID, { description: 'Whose door.' }) elderId: string,
  ): Promise<DoorTagType[]> {
    const scope = await context.elderScopeFor('doorTags');
    return context.database.read((manager) =>
      doorTagsOf(manager, idOf(elderId) ?? 0, scope, dayOf(context.now)),
    );
  }

  @Mutation(() => IssueDoorTagResultUnion, {
    description: "[manager] Issues a tag for an elder's door; five at most count at once.",
  })
  async issueDoorTag(
    @Ctx() context: Context,
    @Arg('elderId', () => ID, { description: 'Whose door.' }) elderIdText: string,
  ): Promise<typeof IssueDoorTagResultUnion> {
    const elderId = idOf(elderIdText) ?? 0;
    const { accountId: byId, now } = context;
    const scope = await context.elderScopeFor('issueDoorTag');
    const result = await context.audit.write(
      (manager) => issueDoorTag(manager, { elderId, byId, now }, scope),
      { state: (manager) => elderState(manager, elderId) },
    );
    if (isRefusal(result)) return shownRefusal(result, context.language);
    const { code: text, ...tag } = result;
    return { tag, text };
  }

  @Mutation(() => RevokeDoorTagResultUnion, {
    description: '[manager] Says that a tag is not to be believed any more, such as one that was taken.',
  })
  async revokeDoorTag(
    @Ctx() context: Context,
    @Arg('id', () => ID, { description: 'Which tag.' }) idText: string,
  ): Promise<typeof RevokeDoorTagResultUnion> {
    const id = idOf(idText) ?? 0;
    const { accountId: byId, now } = context;
    const scope = await context.elderScopeFor('revokeDoorTag');
    const result = await context.audit.write((manager) => revokeDoorTag(manager, { id, byId, now }, scope), {
      state: (manager) => doorTagState(manager, id),
    });
    return isRefusal(result) ? shownRefusal(result, context.language) : result;
  }
}

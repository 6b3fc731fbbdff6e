import { Arg, Ctx, createUnionType, Field, Float, ID, Mutation, ObjectType, Resolver } from 'type-graphql';
import { elderState } from '../../src/elders/elder-state.js';
import { inDegrees } from '../../src/elders/position.rules.js';
import { type DoorRefusalCode, setElderDoor } from '../../src/elders/set-elder-door.js';
import { isRefusal } from '../../src/shared/refusal.js';
import type { Context } from '../context.js';
import { enumeration } from '../shared/enumeration.js';
import { idOf } from '../shared/ids.js';
import { shownRefusal } from '../shared/refusal.js';

@ObjectType('ElderDoor', {
  simpleResolvers: true,
  description: 'How an elder’s door is found by whoever brings something there. It is kept encrypted.',
})
export class ElderDoorType {
  @Field(() => ID, { description: 'The elder.' })
  elderId!: number;

  @Field(() => Float, {
    nullable: true,
    description: 'Degrees, WGS 84, to six decimals; null when the position is not known.',
  })
  latitude!: number | null;

  @Field(() => Float, { nullable: true, description: 'Degrees, WGS 84, to six decimals.' })
  longitude!: number | null;

  @Field(() => String, { nullable: true, description: 'Such as which bell to ring; 1 to 200 characters.' })
  note!: string | null;
}

export const DoorRefusalCodeEnum = enumeration<DoorRefusalCode>(
  'ElderDoorRefusalCode',
  'Why an elder’s door was not set. When several apply, the first in this list is the answer.',
  {
    ELDER_UNKNOWN: 'No elder has this id, as far as the caller may see.',
    ELDER_NOT_ACTIVE: 'The file has ended.',
    POSITION_INVALID: 'Only one of latitude and longitude, or no place on the earth.',
    NOTE_INVALID: 'The note is longer than 200 characters, or holds control characters.',
  },
);

@ObjectType('ElderDoorRefusal', { simpleResolvers: true, description: 'Nothing was written, and why.' })
export class ElderDoorRefusalType {
  @Field(() => DoorRefusalCodeEnum, { description: 'Why.' })
  code!: DoorRefusalCode;

  @Field(() => String, { description: 'The same in words, in the language of the request.' })
  message!: string;

  @Field(() => [String], { nullable: true, description: 'The argument at fault, as a path.' })
  field!: readonly string[] | null;
}

export const ElderDoorResultUnion = createUnionType({
  name: 'ElderDoorResult',
  description: 'The door as it is known now, or why nothing changed.',
  types: () => [ElderDoorType, ElderDoorRefusalType] as const,
  resolveType: (value) => ('code' in value ? ElderDoorRefusalType : ElderDoorType),
});

@Resolver()
export class ElderDoorResolver {
  @Mutation(() => ElderDoorResultUnion, {
    description:
      'Says how an elder’s door is found, in the place of what was said before; what is left out is not known any more.',
  })
  async setElderDoor(
    @Ctx() context: Context,
    @Arg('elderId', () => ID, { description: 'The elder.' }) elderIdText: string,
    @Arg('latitude', () => Float, { nullable: true, description: 'Degrees, WGS 84, -90 to 90.' })
    latitude: number | null | undefined,
    @Arg('longitude', () => Float, { nullable: true, description: 'Degrees, WGS 84, -180 to 180.' })
    longitude: number | null | undefined,
    @Arg('note', () => String, {
      nullable: true,
      description: 'Such as which bell to ring; at most 200 characters.',
    })
    note: string | null | undefined,
  ): Promise<typeof ElderDoorResultUnion> {
    const elderId = idOf(elderIdText) ?? 0;
    const { accountId: byId, now } = context;
    const scope = await context.elderScopeFor('setElderDoor');
    const wanted = { elderId, latitude: latitude ?? null, longitude: longitude ?? null, note: note ?? null };
    const result = await context.audit.write(
      (manager) => setElderDoor(manager, { ...wanted, byId, now }, scope),
      { state: (manager) => elderState(manager, elderId) },
    );
    if (isRefusal(result)) return shownRefusal(result, context.language);
    return { elderId, ...inDegrees(result.position), note: result.note };
  }
}

import {
  Arg,
  Ctx,
  createUnionType,
  Field,
  FieldResolver,
  ID,
  InputType,
  Mutation,
  ObjectType,
  Resolver,
  Root,
} from 'type-graphql';
import { type ContactsRefusalCode, setElderContacts } from '../../src/elders/elder-contacts.js';
import { elderState } from '../../src/elders/elder-state.js';
import { inDegrees } from '../../src/elders/position.rules.js';
import { isRefusal } from '../../src/shared/refusal.js';
import type { Context } from '../context.js';
import { enumeration } from '../shared/enumeration.js';
import { idOf } from '../shared/ids.js';
import { shownRefusal } from '../shared/refusal.js';
import { ElderType } from './elder.type.js';
import { ElderDoorType } from './elder-door.resolver.js';

@InputType('EmergencyContactInput', {
  description: 'Somebody to ring when something is wrong with an elder.',
})
export class EmergencyContactInput {
  @Field(() => String, { description: 'The name, 1 to 60 characters.' })
  name!: string;

  @Field(() => String, { description: 'Who that is to the elder, such as 女儿, 1 to 20 characters.' })
  relation!: string;

  @Field(() => String, { description: '7 to 15 digits, a + before them if it is foreign.' })
  phone!: string;
}

@ObjectType('EmergencyContact', {
  simpleResolvers: true,
  description: 'Somebody to ring when something is wrong with an elder. Kept encrypted.',
})
export class EmergencyContactType {
  @Field(() => String, { description: 'The name; the given name starred for whom it is masked.' })
  name!: string;

  @Field(() => String, { description: 'Who that is to the elder.' })
  relation!: string;

  @Field(() => String, { description: 'The phone; first three and last two shown for whom it is masked.' })
  phone!: string;
}

export const ContactsRefusalCodeEnum = enumeration<ContactsRefusalCode>(
  'ElderContactsRefusalCode',
  'Why contacts were not set. When several apply, the first in this list is the answer.',
  {
    ELDER_UNKNOWN: 'No elder has this id, as far as the caller may see.',
    ELDER_NOT_ACTIVE: 'The file has ended.',
    TOO_MANY: 'More than three.',
    CONTACT_INVALID: 'A name, a relation or a phone is missing, too long, or none.',
  },
);

@ObjectType('ElderContactsRefusal', { simpleResolvers: true, description: 'Nothing was written, and why.' })
export class ElderContactsRefusalType {
  @Field(() => ContactsRefusalCodeEnum, { description: 'Why.' })
  code!: ContactsRefusalCode;

  @Field(() => String, { description: 'The same in words, in the language of the request.' })
  message!: string;

  @Field(() => [String], { nullable: true, description: 'The argument at fault, as a path.' })
  field!: readonly string[] | null;
}

@ObjectType('ElderContacts', { simpleResolvers: true, description: 'Whom to ring, the first first.' })
export class ElderContactsType {
  @Field(() => ID, { description: 'The elder.' })
  elderId!: number;

  @Field(() => [EmergencyContactType], { description: 'As they were set; empty for nobody.' })
  contacts!: readonly EmergencyContactType[];
}

export const ElderContactsResultUnion = createUnionType({
  name: 'ElderContactsResult',
  description: 'The contacts from now on, or why nothing changed.',
  types: () => [ElderContactsType, ElderContactsRefusalType] as const,
  resolveType: (value) => ('code' in value ? ElderContactsRefusalType : ElderContactsType),
});

/** Whom to ring, and how the door is found: whole for those who go there, and each such look is recorded. */
@Resolver(() => ElderType)
export class ElderContactsResolver {
  @Mutation(() => ElderContactsResultUnion, {
    description:
      'Says whom to ring when something is wrong with an elder, in the place of what was said before; an empty list takes it back.',
  })
  async setElderContacts(
    @Ctx() context: Context,
    @Arg('elderId', () => ID, { description: 'The elder.' }) elderIdText: string,
    @Arg('contacts', () => [EmergencyContactInput], { description: 'At most three, the first first.' })
    contacts: EmergencyContactInput[],
  ): Promise<typeof ElderContactsResultUnion> {
    const elderId = idOf(elderIdText) ?? 0;
    const { accountId: byId, now } = context;
    const scope = await context.elderScopeFor('setElderContacts');
    const result = await context.audit.write(
      (manager) => setElderContacts(manager, { elderId, contacts, byId, now }, scope),
      {
        state: (manager) => elderState(manager, elderId),
        told: () => ({ asked: { contacts: contacts.length } }),
      },
    );
    context.forgetLoaders();
    return isRefusal(result) ? shownRefusal(result, context.language) : result;
  }

  @FieldResolver(() => [EmergencyContactType], {
    description:
      'Whom to ring when something is wrong, the first first: masked, unless the caller’s grant shows identities, or the elder is open to the caller as a caregiver; each look at whole ones is recorded.',
  })
  emergencyContacts(
    @Root() { id }: ElderType,
    @Ctx() { loaders }: Context,
  ): Promise<readonly EmergencyContactType[]> {
    return loaders.contactsByElder.load(id);
  }

  @FieldResolver(() => ElderDoorType, {
    nullable: true,
    description:
      'How the door is found: for whoever’s grant shows identities, and for caregivers to whom the elder is open; each look is recorded. Null for others, and when nothing is known.',
  })
  async door(@Root() { id }: ElderType, @Ctx() { loaders }: Context): Promise<ElderDoorType | null> {
    const door = await loaders.doorByElder.load(id);
    return door && { elderId: id, ...inDegrees(door.position), note: door.note };
  }
}

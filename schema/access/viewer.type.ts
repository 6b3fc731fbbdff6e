import { Field, ID, ObjectType } from 'type-graphql';
import type { CallerGrant } from '../../src/access/caller.js';
import { ElderType } from '../elders/elder.type.js';
import { DateTimeScalar } from '../shared/scalars.js';

@ObjectType('Grant', {
  simpleResolvers: true,
  description: "A role held at a facility covers everything beneath it; a family member's covers one elder.",
})
export class GrantType {
  @Field(() => String, {
    description:
      'ADMIN: everything, everywhere. MANAGER: the facility and everything beneath it. AUDITOR: the audit log of the facility and everything beneath it. READER: swipes of the one canteen.',
  })
  role!: string;

  /** Null for the whole network; the field of that name is resolved from it. */
  facilityId!: number | null;

  @Field(() => ElderType, {
    nullable: true,
    description: "The elder that a family member's grant covers; null for every other role.",
  })
  elder!: ElderType | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'The instant from which the grant no longer counts; null while it has no end.',
  })
  expiresAt!: Date | null;

  @Field(() => Boolean, {
    description:
      'Whether the grant shows ID numbers, phones and addresses whole, as far as its role may; an administrator always sees them.',
  })
  showsIdentities!: boolean;
}

@ObjectType('Viewer', { simpleResolvers: true, description: 'The caller itself: the account of its token.' })
export class ViewerType {
  @Field(() => ID, { description: 'The number of the account.' })
  id!: string;

  @Field(() => String, { description: 'The name that the account was opened with.' })
  name!: string;

  @Field(() => [GrantType], { description: 'What the caller may do where, at this instant.' })
  grants!: GrantType[];
}

export function grantType({ role, facilityId, untilAt, showsIdentities }: CallerGrant): GrantType {
  return { role, facilityId, elder: null, expiresAt: untilAt, showsIdentities };
}

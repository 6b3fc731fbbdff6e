import { Field, ID, ObjectType } from 'type-graphql';
import type { FamilyRight } from '../../entities/access/access-grant.entity.js';
import type { CallerGrant } from '../../src/access/caller.js';
import { enumeration } from '../shared/enumeration.js';
import { DateTimeScalar } from '../shared/scalars.js';

export const FamilyRightEnum = enumeration<FamilyRight>(
  'FamilyRight',
  'What a relative may be let in to, each by itself, beside seeing who the elder is.',
  {
    BOOKING: 'Home visits: seeing and booking them.',
    HEALTH: 'The ability level and the categories.',
    MONEY: 'The meal card and its balance, and reporting it lost.',
  },
);

@ObjectType('Grant', {
  simpleResolvers: true,
  description: "A role held at a facility covers everything beneath it; a family member's covers one elder.",
})
export class GrantType {
  @Field(() => ID, { description: 'The number of the grant, by which it is withdrawn.' })
  id!: number;

  @Field(() => String, {
    description:
      'ADMIN: everything. MANAGER: the facility and everything beneath it. STAFF: its front desk. CAREGIVER: visits. COURIER: its own deliveries. FINANCE: its sums. AUDITOR: reading. READER: swipes of the one canteen. FAMILY: one elder.',
  })
  role!: string;

  /** Null for the whole network and for a family member; the field of that name is resolved from it. */
  facilityId!: number | null;

  /** Null for every role but a family member's; the field of that name is resolved from it. */
  elderId!: number | null;

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

  @Field(() => [FamilyRightEnum], {
    nullable: true,
    description: 'What a family member was let in to; null for every other role.',
  })
  rights!: readonly FamilyRight[] | null;

  @Field(() => Boolean, {
    description:
      'Whether a family member may let in others, within its own rights and end; false for every other role.',
  })
  mayLetIn!: boolean;
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

export function grantType(grant: CallerGrant): GrantType {
  const { id, role, facilityId, elderId, untilAt, showsIdentities, rights = null, mayLetIn = false } = grant;
  return { id, role, facilityId, elderId, expiresAt: untilAt, showsIdentities, rights, mayLetIn };
}

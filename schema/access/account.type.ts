import { createUnionType, Field, ID, Int, ObjectType } from 'type-graphql';
import type { AccountRefusalCode } from '../../src/access/account-refusals.js';
import type { StaffAccount } from '../../src/access/staff-account.js';
import { enumeration } from '../shared/enumeration.js';
import { PageInfo } from '../shared/paging.js';
import { DateTimeScalar } from '../shared/scalars.js';
import { GrantType, grantType } from './viewer.type.js';

/** A role that a person may be given by another person. */
export type GivenRole = 'ADMIN' | 'MANAGER' | 'STAFF' | 'CAREGIVER' | 'COURIER' | 'FINANCE' | 'AUDITOR';

export const StaffRoleEnum = enumeration<GivenRole>(
  'StaffRole',
  'A role that a person holds at a facility and everything beneath it.',
  {
    ADMIN: 'Everything; without a facility, everywhere.',
    MANAGER: 'Runs the facility: elders, cards, canteens, and the accounts of its staff.',
    STAFF: 'The front desk: elders, cards and top-ups.',
    CAREGIVER: 'Visits elders.',
    COURIER: 'Brings meals: a volunteer or a paid courier, who sees its own run of today alone.',
    FINANCE: 'Reads meals, sums and roll-ups.',
    AUDITOR: 'Reads elders, meals, sums and roll-ups.',
  },
);

@ObjectType('StaffAccount', { simpleResolvers: true, description: 'The account of a person who signs in.' })
export class StaffAccountType {
  @Field(() => ID, { description: 'The number of the account.' })
  id!: number;

  @Field(() => String, { description: 'The name of the person, 1 to 60 characters.' })
  name!: string;

  @Field(() => String, { description: 'What the person signs in with, in small letters.' })
  userName!: string;

  @Field(() => [GrantType], {
    description:
      'Those of its grants that have not ended and that the caller could withdraw; others are not told.',
  })
  grants!: GrantType[];
}

export function shownAccount({ id, name, userName, grants }: StaffAccount): StaffAccountType {
  return { id, name, userName, grants: grants.map(grantType) };
}

@ObjectType('StaffAccountConnection', {
  simpleResolvers: true,
  description: 'A page of accounts, in the order of id.',
})
export class StaffAccountConnectionType {
  @Field(() => [StaffAccountType], { description: 'The accounts of this page.' })
  nodes!: StaffAccountType[];

  @Field(() => PageInfo, { description: 'Whether more follow, and from where.' })
  pageInfo!: PageInfo;

  @Field(() => Int, { description: 'Accounts on all pages together; counted only when asked for.' })
  totalCount!: number | (() => Promise<number>);
}

export const AccountRefusalCodeEnum = enumeration<AccountRefusalCode>(
  'AccountRefusalCode',
  'Why nothing happened to an account or a grant. When several apply, the first in this list is the answer.',
  {
    TOO_MANY_TRIES: 'The server is too busy with passwords, or the request showed one before this.',
    ACCOUNT_UNKNOWN: 'No account has this number, as far as the caller may look after accounts.',
    GRANT_UNKNOWN: 'No grant has this number, as far as the caller may give and take away.',
    OWN_ACCOUNT: 'A password of one’s own is changed by changePassword.',
    NO_PASSWORD: 'The account has none: it calls with a lasting token.',
    PASSWORD_WRONG: 'The present password is wrong, or was tried too often.',
    NAME_INVALID: 'A name is 1 to 60 characters.',
    USER_NAME_INVALID: 'A user name is 3 to 40 letters, digits or . _ - with a letter or digit at both ends.',
    PASSWORD_UNFIT:
      'A password is 10 to 128 characters, three different ones at least, not the user name, not the old one.',
    ROLE_NOT_GIVEN: 'The caller may not give this role anywhere.',
    FACILITY_UNKNOWN: 'There is no such facility where the caller may give the role; only ADMIN needs none.',
    FACILITY_CLOSED: 'The facility is not open today.',
    UNTIL_PAST: 'The end of the grant does not lie ahead.',
    USER_NAME_TAKEN: 'Another account has this user name, here or elsewhere in the network.',
    TOTP_SET_UP: 'One-time codes are in use already: another phone needs a code of the one before.',
    TOTP_NOT_STARTED: 'There was no startTotp before.',
    CODE_WRONG: 'It is not the code of the moment, or was used before.',
  },
);

@ObjectType('AccountRefusal', { simpleResolvers: true, description: 'Nothing was written, and why.' })
export class AccountRefusalType {
  @Field(() => AccountRefusalCodeEnum, { description: 'Why.' })
  code!: AccountRefusalCode;

  @Field(() => String, { description: 'The same in words, in the language of the request.' })
  message!: string;

  @Field(() => [String], { nullable: true, description: 'The argument at fault, as a path.' })
  field!: readonly string[] | null;
}

@ObjectType('PasswordChanged', { simpleResolvers: true, description: 'The new password counts.' })
export class PasswordChangedType {
  @Field(() => Int, { description: 'How many other sessions of the account were ended.' })
  sessionsEnded!: number;
}

@ObjectType('TotpSetup', {
  simpleResolvers: true,
  description: 'What a phone makes one-time codes from. It is shown once.',
})
export class TotpSetupType {
  @Field(() => String, { description: 'The secret in base 32, to be typed in.' })
  secret!: string;

  @Field(() => String, { description: 'The same as an otpauth address, to be shown as a picture.' })
  uri!: string;
}

@ObjectType('TotpConfirmed', { simpleResolvers: true, description: 'One-time codes are in use.' })
export class TotpConfirmedType {
  @Field(() => DateTimeScalar, { description: 'From when a sign-in wants a code.' })
  since!: Date;
}

export const AccountResultUnion = createUnionType({
  name: 'AccountResult',
  description: 'The account as it now stands, or why nothing changed.',
  types: () => [StaffAccountType, AccountRefusalType] as const,
  resolveType: (value) => ('code' in value ? AccountRefusalType : StaffAccountType),
});

export const GrantResultUnion = createUnionType({
  name: 'GrantResult',
  description: 'The grant as it now stands, or why nothing changed.',
  types: () => [GrantType, AccountRefusalType] as const,
  resolveType: (value) => ('code' in value ? AccountRefusalType : GrantType),
});

export const ChangePasswordResultUnion = createUnionType({
  name: 'ChangePasswordResult',
  description: 'That the password is another one, or why it is not.',
  types: () => [PasswordChangedType, AccountRefusalType] as const,
  resolveType: (value) => ('code' in value ? AccountRefusalType : PasswordChangedType),
});

export const StartTotpResultUnion = createUnionType({
  name: 'StartTotpResult',
  description: 'What a phone needs, or why there is none.',
  types: () => [TotpSetupType, AccountRefusalType] as const,
  resolveType: (value) => ('code' in value ? AccountRefusalType : TotpSetupType),
});

export const ConfirmTotpResultUnion = createUnionType({
  name: 'ConfirmTotpResult',
  description: 'That codes are in use, or why they are not.',
  types: () => [TotpConfirmedType, AccountRefusalType] as const,
  resolveType: (value) => ('code' in value ? AccountRefusalType : TotpConfirmedType),
});

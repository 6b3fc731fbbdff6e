import { createUnionType, Field, Int, ObjectType } from 'type-graphql';
import type { SignInRefusalCode } from '../../src/access/sign-in-refusals.js';
import { enumeration } from '../shared/enumeration.js';
import { DateTimeScalar } from '../shared/scalars.js';

@ObjectType('Session', {
  simpleResolvers: true,
  description: 'What lasts from a sign-in to a sign-out, and the tokens that it goes on with.',
})
export class SessionType {
  @Field(() => String, { description: 'Sent as a bearer token with each request until it runs out.' })
  accessToken!: string;

  @Field(() => DateTimeScalar, { description: 'The instant from which the access token no longer counts.' })
  accessExpiresAt!: Date;

  @Field(() => String, {
    description:
      'Good for one refreshSession. Keep it where no script of another page reads it; used twice, it ends the session.',
  })
  refreshToken!: string;

  @Field(() => DateTimeScalar, {
    description: 'When the person has to sign in again; refreshing does not move it.',
  })
  expiresAt!: Date;

  @Field(() => Boolean, {
    description: 'Somebody else chose the password: no grant counts until changePassword.',
  })
  passwordTemporary!: boolean;

  @Field(() => Boolean, {
    description:
      'A role of the account counts only with one-time codes, which are not set up: see startTotp and confirmTotp.',
  })
  totpMissing!: boolean;
}

export const SignInRefusalCodeEnum = enumeration<SignInRefusalCode>(
  'SignInRefusalCode',
  'Why there is no session. When several apply, the first in this list is the answer.',
  {
    MESSAGES_NOT_SENT: 'The server sends no messages to phones, so no relative signs in.',
    TOO_MANY_TRIES:
      'The address or, where codes are asked for, the phone has to wait, the server is too busy, or the request had a try before this one.',
    SIGN_IN_FAILED:
      'No such user, a wrong password, a wrong, missing or used one-time code, or a name tried too often: it is not told which.',
    PHONE_INVALID: 'Not a phone number of 7 to 15 digits, with or without a plus.',
    CODE_WRONG:
      'A wrong, older, used or expired code, one tried too often, or a phone that is nobody’s: it is not told which.',
    SESSION_ENDED: 'The refresh token is unknown or used, or its session has run out or was ended.',
  },
);

@ObjectType('SignInRefusal', { simpleResolvers: true, description: 'There is no session, and why.' })
export class SignInRefusalType {
  @Field(() => SignInRefusalCodeEnum, { description: 'Why.' })
  code!: SignInRefusalCode;

  @Field(() => String, { description: 'The same in words, in the language of the request.' })
  message!: string;

  @Field(() => [String], { nullable: true, description: 'Null: it is not told which argument was wrong.' })
  field!: readonly string[] | null;
}

export const SignInResultUnion = createUnionType({
  name: 'SignInResult',
  description: 'A session, or why there is none.',
  types: () => [SessionType, SignInRefusalType] as const,
  resolveType: (value) => ('code' in value ? SignInRefusalType : SessionType),
});

@ObjectType('SignInCodeRequested', {
  simpleResolvers: true,
  description:
    'The same answer whoever the phone belongs to: a message is on its way if a relative may sign in with it.',
})
export class SignInCodeRequestedType {
  @Field(() => Int, { description: 'How many minutes a code counts from now on.' })
  minutes!: number;
}

export const RequestSignInCodeResultUnion = createUnionType({
  name: 'RequestSignInCodeResult',
  description: 'That a code was asked for, or why it could not be.',
  types: () => [SignInCodeRequestedType, SignInRefusalType] as const,
  resolveType: (value) => ('code' in value ? SignInRefusalType : SignInCodeRequestedType),
});

import { createUnionType, Field, ObjectType } from 'type-graphql';
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
    TOO_MANY_TRIES:
      'The address has to wait, the server is too busy, or the request had a try before this one.',
    SIGN_IN_FAILED:
      'No such user, a wrong password, a wrong, missing or used one-time code, or a name tried too often: it is not told which.',
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

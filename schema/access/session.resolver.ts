import { Arg, Ctx, Int, Mutation, Resolver } from 'type-graphql';
import { endSession, refreshSession } from '../../src/access/refresh-session.js';
import { endSessions, type SessionState, withAccessToken } from '../../src/access/session.js';
import { signIn } from '../../src/access/sign-in.js';
import { refuseSignIn, type SignInRefusal } from '../../src/access/sign-in-refusals.js';
import type { AuditedState } from '../../src/audit-log/write-on-record.js';
import { isRefusal } from '../../src/shared/refusal.js';
import type { Context } from '../context.js';
import { shownRefusal } from '../shared/refusal.js';
import { SignInResultUnion } from './session.type.js';

@Resolver()
export class SessionResolver {
  @Mutation(() => SignInResultUnion, {
    description:
      '[anyone] Opens a session. Wrong tries are slowed by account and by address; one operation may try once.',
  })
  async signIn(
    @Ctx() context: Context,
    @Arg('userName', () => String, { description: 'Capital letters and small ones are the same.' })
    userName: string,
    @Arg('password', () => String, { description: 'The password of the account.' }) password: string,
    @Arg('code', () => String, {
      nullable: true,
      description: 'The six digits of the moment, for an account with one-time codes.',
    })
    code: string | null | undefined,
  ): Promise<typeof SignInResultUnion> {
    if (!context.takeTry()) return shown(await tooManyTries(context), context);
    const attempt = { userName, password, code: code ?? undefined, address: context.address };
    const entering = await signIn(context.services.staff, attempt);
    return shown(await context.audit.writePrepared(entering, { state: openedFor }), context);
  }

  @Mutation(() => SignInResultUnion, {
    description:
      '[anyone] Goes on with a session: gives new tokens for a refresh token, which is good for once. One that comes again ends its session.',
  })
  async refreshSession(
    @Ctx() context: Context,
    @Arg('refreshToken', () => String, { description: 'The last one that the session was given.' })
    refreshToken: string,
  ): Promise<typeof SignInResultUnion> {
    if (!context.takeTry()) return shown(await tooManyTries(context), context);
    const refreshing = refreshSession(context.services.staff, refreshToken);
    return shown(await context.audit.writePrepared(refreshing, { state: openedFor }), context);
  }

  @Mutation(() => Boolean, {
    description:
      '[any] Ends the session of the token it is sent with, from the next request on. False for a lasting token, which belongs to no session.',
  })
  async signOut(@Ctx() context: Context): Promise<boolean> {
    const { caller, now } = context.asker;
    const { sessionId } = caller;
    return context.audit.write(async (manager) => {
      if (sessionId === undefined) return false;
      await endSession(manager, sessionId, now);
      return true;
    });
  }

  @Mutation(() => Int, {
    description: '[any] Ends all sessions of the account, this one too; answers how many were open.',
  })
  signOutEverywhere(@Ctx() context: Context): Promise<number> {
    const { caller, now } = context.asker;
    return context.audit.write((manager) => endSessions(manager, caller.accountId, now));
  }
}

function tooManyTries(context: Context): Promise<SignInRefusal> {
  return context.audit.writePrepared(refuseSignIn('TOO_MANY_TRIES'));
}

/** The record says whose session it is: the caller was nobody until now. */
async function openedFor(
  _manager: unknown,
  session?: SessionState | SignInRefusal,
): Promise<AuditedState | undefined> {
  if (session === undefined || isRefusal(session)) return undefined;
  return { about: { subject: `account:${session.accountId}` }, values: {} };
}

async function shown(
  result: SessionState | SignInRefusal,
  { language, services }: Context,
): Promise<typeof SignInResultUnion> {
  return isRefusal(result) ? shownRefusal(result, language) : withAccessToken(result, services.staff);
}

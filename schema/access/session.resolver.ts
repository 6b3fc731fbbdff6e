import { Arg, Ctx, Int, Mutation, Resolver } from 'type-graphql';
import { inEvenTime } from '../../src/access/even-time.js';
import {
  type CodeRequested,
  requestSignInCode,
  sendCode,
  signInByCode,
} from '../../src/access/family-sign-in.js';
import { endSession, refreshSession } from '../../src/access/refresh-session.js';
import { endSessions, type SessionState, withAccessToken } from '../../src/access/session.js';
import { signIn } from '../../src/access/sign-in.js';
import { refuseSignIn, type SignInRefusal } from '../../src/access/sign-in-refusals.js';
import type { AuditedState } from '../../src/audit-log/write-on-record.js';
import { maskedPhone } from '../../src/elders/masked-identity.rules.js';
import { isPhone, normalizedPhone } from '../../src/elders/registration.rules.js';
import { isRefusal } from '../../src/shared/refusal.js';
import type { Context } from '../context.js';
import { shownRefusal } from '../shared/refusal.js';
import { RequestSignInCodeResultUnion, SignInResultUnion } from './session.type.js';

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

  @Mutation(() => RequestSignInCodeResultUnion, {
    description:
      '[anyone] Sends a code to the phone of an elder’s relative, in the place of an older one. The answer tells nothing of whose phone it is. Slowed by phone and by address; one operation may ask once.',
  })
  async requestSignInCode(
    @Ctx() context: Context,
    @Arg('phone', () => String, {
      description:
        'The number at which the relative was let in, 7 to 15 digits; spaces and hyphens are left out.',
    })
    phone: string,
  ): Promise<typeof RequestSignInCodeResultUnion> {
    const { families } = context.services;
    const request = context.takeTry()
      ? requestSignInCode(families, { phone, address: context.address })
      : refuseSignIn('TOO_MANY_TRIES');
    const told = (answer: CodeRequested | SignInRefusal) => {
      const asked = { phone: loggedPhone(phone) };
      if (isRefusal(answer)) return { asked };
      const { accountId } = answer;
      // The log is told what the caller is not.
      return accountId === undefined
        ? { asked, result: 'PHONE_UNKNOWN' }
        : { asked, subject: `account:${accountId}` };
    };
    const result = await inEvenTime(families.answerMsMin, () =>
      context.audit.writePrepared(request, { told }),
    );
    if (isRefusal(result)) return shownRefusal(result, context.language);
    sendCode(families, result);
    return { minutes: result.minutes };
  }

  @Mutation(() => SignInResultUnion, {
    description:
      '[anyone] Opens a session for a relative with the code that was sent last; it is good for once. Wrong tries are slowed by phone and by address, and end the code; one operation may try once.',
  })
  async signInByCode(
    @Ctx() context: Context,
    @Arg('phone', () => String, { description: 'The number that the code was sent to.' }) phone: string,
    @Arg('code', () => String, { description: 'The six digits of the message.' }) code: string,
  ): Promise<typeof SignInResultUnion> {
    const { families } = context.services;
    const entering = context.takeTry()
      ? signInByCode(families, { phone, code, address: context.address })
      : refuseSignIn('TOO_MANY_TRIES');
    const told = () => ({ asked: { phone: loggedPhone(phone) } });
    const result = await inEvenTime(families.answerMsMin, () =>
      context.audit.writePrepared(entering, { state: openedFor, told }),
    );
    return shown(result, context);
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

/** As the audit log shows it. What is no phone may be a password that somebody typed into the wrong field. */
function loggedPhone(text: string): string {
  const phone = normalizedPhone(text.slice(0, 100));
  return isPhone(phone) ? maskedPhone(phone) : '***';
}

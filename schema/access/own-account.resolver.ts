import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import {
  type AccountRefusal,
  type AccountRefusalCode,
  refuseAccount,
} from '../../src/access/account-refusals.js';
import { changePassword } from '../../src/access/change-password.js';
import { confirmTotp, startTotp } from '../../src/access/set-up-totp.js';
import { isRefusal } from '../../src/shared/refusal.js';
import type { Context } from '../context.js';
import { type ShownRefusal, shownRefusal } from '../shared/refusal.js';
import { ChangePasswordResultUnion, ConfirmTotpResultUnion, StartTotpResultUnion } from './account.type.js';

/** What people do to their own accounts. */
@Resolver()
export class OwnAccountResolver {
  @Mutation(() => ChangePasswordResultUnion, {
    description:
      '[any] Chooses another password for the caller’s own account and ends its other sessions. One operation may show one password.',
  })
  async changePassword(
    @Ctx() context: Context,
    @Arg('currentPassword', () => String, { description: 'The one that counts now; wrong ones are slowed.' })
    currentPassword: string,
    @Arg('newPassword', () => String, { description: '10 to 128 characters, not the user name.' })
    newPassword: string,
  ): Promise<typeof ChangePasswordResultUnion> {
    if (!context.takeTry()) return shown(await tooManyTries(context), context);
    const { accountId, sessionId = 0 } = context.asker.caller;
    const change = { accountId, sessionId, currentPassword, newPassword };
    const changing = await changePassword(context.services.staff, change);
    return shown(await context.audit.writePrepared(changing), context);
  }

  @Mutation(() => StartTotpResultUnion, {
    description:
      '[any] Begins the set-up of one-time codes for the caller’s own account, or of another phone for them: the old one counts until confirmTotp.',
  })
  async startTotp(
    @Ctx() context: Context,
    @Arg('password', () => String, { description: 'The caller’s password, once more.' }) password: string,
    @Arg('code', () => String, {
      nullable: true,
      description: 'The six digits of the moment from the phone of before, where codes are in use.',
    })
    code: string | null | undefined,
  ): Promise<typeof StartTotpResultUnion> {
    if (!context.takeTry()) return shown(await tooManyTries(context), context);
    const { accountId } = context.asker.caller;
    const starting = await startTotp(context.services.staff, {
      accountId,
      password,
      code: code ?? undefined,
    });
    return shown(await context.audit.writePrepared(starting), context);
  }

  @Mutation(() => ConfirmTotpResultUnion, {
    description:
      '[any] Ends the set-up with a first code of the new phone: from now on a sign-in wants one of it.',
  })
  async confirmTotp(
    @Ctx() context: Context,
    @Arg('code', () => String, { description: 'The six digits of the moment.' }) code: string,
  ): Promise<typeof ConfirmTotpResultUnion> {
    if (!context.takeTry()) return shown(await tooManyTries(context), context);
    const { accountId, sessionId = 0 } = context.asker.caller;
    const confirming = confirmTotp(context.services.staff, { accountId, sessionId, code });
    return shown(await context.audit.writePrepared(confirming), context);
  }
}

function tooManyTries(context: Context): Promise<AccountRefusal> {
  return context.audit.writePrepared(refuseAccount('TOO_MANY_TRIES'));
}

function shown<Result extends object>(
  result: Result,
  context: Context,
): Exclude<Result, AccountRefusal> | ShownRefusal<AccountRefusalCode> {
  if (isRefusal<AccountRefusalCode>(result)) return shownRefusal(result, context.language);
  return result as Exclude<Result, AccountRefusal>;
}

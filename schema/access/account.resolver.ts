import { Arg, Ctx, ID, Int, Mutation, Query, Resolver } from 'type-graphql';
import type { AccountRefusal } from '../../src/access/account-refusals.js';
import { countStaffAccounts, findStaffAccounts } from '../../src/access/find-staff-accounts.js';
import { grantRole } from '../../src/access/grant-role.js';
import type { StoredGrant } from '../../src/access/grants.js';
import { openStaffAccount } from '../../src/access/open-staff-account.js';
import { resetPassword } from '../../src/access/reset-password.js';
import type { StaffAccount } from '../../src/access/staff-account.js';
import { withdrawGrant } from '../../src/access/withdraw-grant.js';
import { isRefusal } from '../../src/shared/refusal.js';
import type { Context } from '../context.js';
import { idOf } from '../shared/ids.js';
import { connectionOf, readPage } from '../shared/paging.js';
import { shownRefusal } from '../shared/refusal.js';
import { DateTimeScalar } from '../shared/scalars.js';
import { OpenAccountInput } from './account.input.js';
import {
  AccountResultUnion,
  type GivenRole,
  GrantResultUnion,
  StaffAccountConnectionType,
  StaffRoleEnum,
  shownAccount,
} from './account.type.js';
import { grantType } from './viewer.type.js';

@Resolver()
export class AccountResolver {
  @Query(() => StaffAccountConnectionType, {
    description: '[manager] People who hold, now, a role that the caller could withdraw, in the order of id.',
  })
  async staffAccounts(
    @Ctx() context: Context,
    @Arg('within', () => ID, {
      nullable: true,
      description: 'Only those who hold it at this facility or beneath it today.',
    })
    within: string | null | undefined,
    @Arg('first', () => Int, { nullable: true, defaultValue: 20, description: 'How many at most, 0 to 200.' })
    first: number | null,
    @Arg('after', () => String, { nullable: true, description: 'The endCursor of the page before.' })
    after: string | null | undefined,
  ): Promise<StaffAccountConnectionType> {
    const page = readPage(first ?? 20, after, context.language);
    const root = typeof within === 'string' ? (idOf(within) ?? 0) : undefined;
    const scope = context.scopeFor('staffAccounts');
    const { asker } = context;
    const rowsWanted = { afterId: page.afterId, rowsMax: page.first + 1 };
    const accounts = await context.database.read((manager) =>
      findStaffAccounts(manager, root, rowsWanted, scope, asker),
    );
    return connectionOf(accounts.map(shownAccount), page.first, () =>
      context.database.read((manager) => countStaffAccounts(manager, root, scope, asker)),
    );
  }

  @Mutation(() => AccountResultUnion, {
    description:
      '[manager] Opens an account for a person, within the caller’s own area and never above the caller’s own role.',
  })
  async openAccount(
    @Ctx() context: Context,
    @Arg('input', () => OpenAccountInput, { description: 'Who, and which role where.' })
    { facilityId, until: untilAt = null, ...input }: OpenAccountInput,
  ): Promise<typeof AccountResultUnion> {
    const wanted = { ...input, facilityId: placeOf(facilityId), untilAt };
    const opening = await openStaffAccount(context.services.staff, wanted, context.asker);
    return shownResult(await context.audit.writePrepared(opening), context);
  }

  @Mutation(() => AccountResultUnion, {
    description:
      '[manager] Gives a person who forgot it a password for one sign-in, and ends the sessions; only where all that the person may do lies within the caller’s area.',
  })
  async resetPassword(
    @Ctx() context: Context,
    @Arg('accountId', () => ID, { description: 'Another person’s account.' }) accountId: string,
    @Arg('newPassword', () => String, { description: '10 to 128 characters; the person is to change it.' })
    newPassword: string,
    @Arg('removeTotp', () => Boolean, {
      defaultValue: false,
      description: 'The person has lost the phone: one-time codes are set up anew.',
    })
    removeTotp: boolean,
  ): Promise<typeof AccountResultUnion> {
    const reset = { accountId: idOf(accountId) ?? 0, newPassword, removeTotp };
    const resetting = await resetPassword(context.services.staff, reset, context.asker);
    return shownResult(await context.audit.writePrepared(resetting), context);
  }

  @Mutation(() => GrantResultUnion, {
    description:
      '[manager] Gives an account a role, from now on. The role that it holds there already only gets another end, so a retry is harmless.',
  })
  async grantRole(
    @Ctx() context: Context,
    @Arg('accountId', () => ID, { description: 'An account with a role within the caller’s area.' })
    accountId: string,
    @Arg('role', () => StaffRoleEnum, { description: 'A role that the caller may give.' }) role: GivenRole,
    @Arg('facilityId', () => ID, {
      nullable: true,
      description:
        'Where: an open facility within the caller’s area. Without it, everywhere, for ADMIN only.',
    })
    facilityId: string | null | undefined,
    @Arg('until', () => DateTimeScalar, {
      nullable: true,
      description: 'The instant from which the role no longer counts; without it, it has no end.',
    })
    until: Date | null | undefined,
  ): Promise<typeof GrantResultUnion> {
    const wanted = {
      accountId: idOf(accountId) ?? 0,
      role,
      facilityId: placeOf(facilityId),
      untilAt: until ?? null,
    };
    const { asker } = context;
    return shownGrant(await context.audit.write((manager) => grantRole(manager, wanted, asker)), context);
  }

  @Mutation(() => GrantResultUnion, {
    description: '[manager] Ends a grant: the next request of its holder goes without it.',
  })
  async withdrawGrant(
    @Ctx() context: Context,
    @Arg('grantId', () => ID, { description: 'A grant of a role that the caller may give, where it holds.' })
    grantId: string,
  ): Promise<typeof GrantResultUnion> {
    const { asker } = context;
    const id = idOf(grantId) ?? 0;
    return shownGrant(await context.audit.write((manager) => withdrawGrant(manager, id, asker)), context);
  }
}

/** Null for everywhere; an id that can be nobody's becomes one that nobody has. */
function placeOf(facilityId: string | null | undefined): number | null {
  return typeof facilityId === 'string' ? (idOf(facilityId) ?? 0) : null;
}

function shownResult(result: StaffAccount | AccountRefusal, context: Context): typeof AccountResultUnion {
  return isRefusal(result) ? shownRefusal(result, context.language) : shownAccount(result);
}

function shownGrant(result: StoredGrant | AccountRefusal, context: Context): typeof GrantResultUnion {
  return isRefusal(result) ? shownRefusal(result, context.language) : grantType(result);
}

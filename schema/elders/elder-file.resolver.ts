import { Arg, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql';
import { correctIdNumber } from '../../src/elders/correct-id-number.js';
import { elderState } from '../../src/elders/elder-state.js';
import { eraseElder } from '../../src/elders/erase-elder.js';
import { exportElder } from '../../src/elders/export-elder.js';
import { identityFields } from '../../src/elders/sealed-fields.js';
import { dayOf } from '../../src/shared/china-time.js';
import { isRefusal } from '../../src/shared/refusal.js';
import type { Context } from '../context.js';
import { idOf } from '../shared/ids.js';
import { shownRefusal } from '../shared/refusal.js';
import { ElderResultUnion, shownElder } from './elder.type.js';
import { ElderExportType } from './elder-file.type.js';

/** What the law owes the person a file is about: a copy of it, its correction, and its end. */
@Resolver()
export class ElderFileResolver {
  @Query(() => ElderExportType, {
    nullable: true,
    description:
      '[admin] Everything that is held about an elder, for that elder. It shows the whole identity, which is recorded. Null when nobody has this id.',
  })
  async exportElder(
    @Ctx() context: Context,
    @Arg('elderId', () => ID, { description: 'The elder.' }) elderId: string,
  ): Promise<ElderExportType | null> {
    const { now, services } = context;
    const wanted = { elderId: idOf(elderId) ?? 0, records: services.personalRecords, now };
    const scope = context.scopeFor('exportElder');
    const exported = await context.database.read((manager) => exportElder(manager, wanted, scope));
    if (!exported) return null;
    const held = identityFields.filter((field) => exported.registration[field] !== null);
    await context.noteIdentityLooks(held.map((field) => ({ elderId: wanted.elderId, field })));
    return { elderId: wanted.elderId, exportedAt: now, json: JSON.stringify(exported, null, 2) };
  }

  @Mutation(() => ElderResultUnion, {
    description:
      '[manager] Puts right the resident ID number of a file, also of one that has ended, and with it the birth date. What was decided by the age as it was stays, such as the subsidies of meals.',
  })
  async correctIdNumber(
    @Ctx() context: Context,
    @Arg('elderId', () => ID, { description: 'The elder, whose file was not erased.' }) elderId: string,
    @Arg('idNumber', () => String, {
      description: 'The right number of GB 11643-1999, 18 characters; x counts as X. One file for each.',
    })
    idNumber: string,
  ): Promise<typeof ElderResultUnion> {
    const id = idOf(elderId) ?? 0;
    const today = dayOf(context.now);
    const scope = context.scopeFor('correctIdNumber');
    const result = await context.audit.write(
      (manager) => correctIdNumber(manager, { elderId: id, idNumber }, scope, today),
      { state: (manager) => elderState(manager, id) },
    );
    context.forgetLoaders();
    return isRefusal(result) ? shownRefusal(result, context.language) : shownElder(result, today);
  }

  @Mutation(() => ElderResultUnion, {
    description:
      '[admin] Takes the person out of a file that ended longer ago than the retention: name, ID number, phone, address, birthday, ability, categories and card numbers. The ledger keeps its sums. Refused while money, reviews, disputes or orders of the elder are open. Again is as once.',
  })
  async eraseElder(
    @Ctx() context: Context,
    @Arg('elderId', () => ID, { description: 'The elder, whose file has ended.' }) elderId: string,
  ): Promise<typeof ElderResultUnion> {
    const { now, services } = context;
    const { personalRecords: records, elderRetentionDays: retentionDays } = services;
    const erasure = { elderId: idOf(elderId) ?? 0, retentionDays, records, now };
    const scope = context.scopeFor('eraseElder');
    const result = await context.audit.write((manager) => eraseElder(manager, erasure, scope), {
      about: { elderId: erasure.elderId },
    });
    // An alias of the same request may have looked at the elder before.
    context.forgetLoaders();
    return isRefusal(result) ? shownRefusal(result, context.language) : shownElder(result, dayOf(now));
  }
}

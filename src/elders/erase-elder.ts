import type { EntityManager } from 'typeorm';
import { Elder } from '../../entities/elders/elder.entity.js';
import { ElderCategoryMembership } from '../../entities/elders/elder-category-membership.entity.js';
import { ElderContacts } from '../../entities/elders/elder-contacts.entity.js';
import { ElderDoor } from '../../entities/elders/elder-door.entity.js';
import type { Scope } from '../network/scope.js';
import { dayOf } from '../shared/china-time.js';
import { type ElderRefusal, refuseElder } from './elder-refusals.js';
import { erasableFrom, erasedBirthDate, erasedName } from './erasure.rules.js';
import { lockElder } from './find-elder.js';
import type { PersonalRecords } from './personal-records.js';

export interface Erasure {
  elderId: number;
  /** How many days after its end a file must be kept. */
  retentionDays: number;
  records: readonly PersonalRecords[];
  now: Date;
}

/**
 * Takes the person out of a file that ended long enough ago: identity, name, birthday, health, categories
 * and whatever the areas hold that tells who it was. The rows stay, because the ledger's sums hang on them.
 * A file that was erased before is answered as it stands. Refused are an unknown elder, a file in use, and
 * a file that must be kept longer.
 */
export async function eraseElder(
  manager: EntityManager,
  { elderId, retentionDays, records, now }: Erasure,
  scope: Scope,
): Promise<Elder | ElderRefusal> {
  const today = dayOf(now);
  const elder = await lockElder(manager, elderId, scope, today);
  if (!elder) return refuseElder('ELDER_UNKNOWN', ['elderId']);
  if (elder.erasedAt) return elder;
  if (elder.endedOn === null) return refuseElder('ELDER_NOT_ENDED', ['elderId']);
  if (today < erasableFrom(elder.endedOn, retentionDays)) {
    return refuseElder('RETENTION_NOT_PASSED', ['elderId']);
  }
  for (const { erase } of records) await erase(manager, elderId);
  await manager.delete(ElderCategoryMembership, { elderId });
  await manager.delete(ElderDoor, { elderId });
  await manager.delete(ElderContacts, { elderId });
  const erased = {
    name: erasedName,
    birthDate: erasedBirthDate(elder.birthDate),
    idNumberSealed: null,
    idNumberHash: null,
    phoneSealed: null,
    addressSealed: null,
    abilityLevel: null,
    abilityExpiresOn: null,
    erasedAt: now,
  };
  await manager.update(Elder, { id: elderId }, erased);
  return Object.assign(elder, erased);
}

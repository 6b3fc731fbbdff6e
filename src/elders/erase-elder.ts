import type { EntityManager } from 'typeorm';
import { Elder } from '../../entities/elders/elder.entity.js';
import { ElderCategoryMembership } from '../../entities/elders/elder-category-membership.entity.js';
import { ElderContacts } from '../../entities/elders/elder-contacts.entity.js';
import { ElderDoor } from '../../entities/elders/elder-door.entity.js';
import type { Scope } from '../network/scope.js';
import { dayOf } from '../shared/china-time.js';
import type { Text } from '../shared/text.js';
import { type ElderRefusal, refuseElder } from './elder-refusals.js';
import { erasableFrom, erasedBirthDate, erasedText } from './erasure.rules.js';
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
 * A file that was erased before is answered as it stands. Refused are an unknown elder, a file in use,
 * a file that must be kept longer, and one of which something is not settled: money that is somebody's, a decision to come.
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
  const open = await unsettledOf(manager, records, elderId);
  if (open) return refuseElder('NOT_SETTLED', ['elderId'], open);
  for (const { erase } of records) await erase(manager, elderId);
  await manager.delete(ElderCategoryMembership, { elderId });
  await manager.delete(ElderDoor, { elderId });
  await manager.delete(ElderContacts, { elderId });
  const erased = {
    name: erasedText,
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

/** Everything that the areas have open, in one sentence; undefined when that is nothing. */
async function unsettledOf(
  manager: EntityManager,
  records: readonly PersonalRecords[],
  elderId: number,
): Promise<Text | undefined> {
  const open: Text[] = [];
  for (const { unsettled } of records) open.push(...((await unsettled?.(manager, elderId)) ?? []));
  if (open.length === 0) return undefined;
  return {
    zh: `尚有未了结的事项：${open.map(({ zh }) => zh).join('、')}`,
    en: `Not everything is settled yet: ${open.map(({ en }) => en).join(', ')}`,
  };
}

import type { EntityManager } from 'typeorm';
import type { Scope } from '../network/scope.js';
import { isRefusal, type Refusal, refuse } from '../shared/refusal.js';
import { accountName, type NameRefusalCode } from './account-name.rules.js';
import { type FacilityRefusalCode, facilityForAccount } from './facility-for-account.js';
import { type OpenedAccount, openAccount } from './open-account.js';

export type EnrolReaderRefusalCode = NameRefusalCode | FacilityRefusalCode | 'NOT_A_CANTEEN';

/** Enrols a card reader at an open elder canteen of the scope and binds it to that canteen. */
export async function enrolReader(
  manager: EntityManager,
  { canteen: codeOrId, now, ...given }: { canteen: string | number; name: string; now: Date },
  scope: Scope,
): Promise<OpenedAccount | Refusal<EnrolReaderRefusalCode>> {
  const name = accountName(given.name);
  if (typeof name !== 'string') return name;
  const canteen = await facilityForAccount(manager, codeOrId, now, scope);
  if (isRefusal(canteen)) return canteen;
  if (canteen.kind !== 'ELDER_CANTEEN') {
    return refuse(
      'NOT_A_CANTEEN',
      { zh: '读卡器只能登记在长者食堂', en: 'A card reader is enrolled at an elder canteen only' },
      [typeof codeOrId === 'number' ? 'canteenId' : 'code'],
    );
  }
  return openAccount(manager, { name, role: 'READER', facilityId: canteen.id, now });
}

import type { EntityManager } from 'typeorm';
import { Account } from '../../entities/access/account.entity.js';
import type { ConsentWay } from '../../entities/access/family-consent.entity.js';
import type { ElderScope } from '../elders/elder-scope.js';
import { isName, isPhone, normalizedPhone } from '../elders/registration.rules.js';
import { lockElderAndGiver, refusalOfExtent } from './consent-giver.js';
import { currentConsentText } from './consent-texts.js';
import { addPhone, lockAccountOfPhone, phoneHashOf } from './family-phone.js';
import type { Extent } from './family-rights.rules.js';
import type { Asker } from './grants.js';
import { insertGrant } from './insert-staff-account.js';
import { recordConsent } from './record-consent.js';
import { type RelativeRefusal, refuseRelative, relativesMax } from './relative-refusals.js';
import { findRelative, isLiving, type Relative, relativesOfElders } from './relatives.js';

/** How somebody agreed, and to which text. */
export interface Agreement {
  how: ConsentWay;
  /** The version of the text, which must be the one in use. */
  consentVersion: string;
}

export interface NewRelative extends Extent, Agreement {
  elderId: number;
  phone: string;
  name: string;
  /** A first relative, whom only the elder lets in. */
  mayLetIn: boolean;
}

/**
 * Lets a relative in: the account of the phone, which is opened when there is none, gets a grant towards the elder.
 * The elder through staff may give anything, a first relative no more and no longer than it has itself.
 */
export async function letRelativeIn(
  manager: EntityManager,
  wanted: NewRelative,
  scope: ElderScope,
  asker: Asker,
): Promise<Relative | RelativeRefusal> {
  const { elderId, mayLetIn, rights, untilAt, how } = wanted;
  const { now, caller } = asker;
  const locked = await lockElderAndGiver(manager, elderId, scope, asker);
  if (!locked) return refuseRelative('ELDER_UNKNOWN', ['input', 'elderId']);
  const { elder, giver } = locked;
  if (giver.relative && (mayLetIn || !giver.relative.mayLetIn)) {
    return refuseRelative('NOT_FIRST_RELATIVE', mayLetIn ? ['input', 'mayLetIn'] : null);
  }
  if (elder.status !== 'ACTIVE') return refuseRelative('ELDER_NOT_ACTIVE', ['input', 'elderId']);
  const name = wanted.name.trim();
  if (!isName(name)) return refuseRelative('NAME_INVALID', ['input', 'name']);
  const phone = normalizedPhone(wanted.phone);
  if (!isPhone(phone)) return refuseRelative('PHONE_INVALID', ['input', 'phone']);
  const text = await currentConsentText(manager);
  if (text.version !== wanted.consentVersion) {
    return refuseRelative('CONSENT_TEXT_OUTDATED', ['input', 'consentVersion']);
  }
  const beyond = refusalOfExtent(giver, wanted, now, ['input']);
  if (beyond) return beyond;
  const present = ((await relativesOfElders(manager, [elderId])).get(elderId) ?? []).filter((one) =>
    isLiving(one, now),
  );
  const known = await lockAccountOfPhone(manager, phoneHashOf(manager, phone));
  if (present.some(({ accountId }) => accountId === known)) {
    return refuseRelative('RELATIVE_PRESENT', ['input', 'phone']);
  }
  if (present.length >= relativesMax) return refuseRelative('RELATIVES_TOO_MANY', ['input', 'elderId']);
  const accountId = known ?? (await openFamilyAccount(manager, { name, phone, now }));
  const grant = { accountId, role: 'FAMILY' as const, facilityId: null, elderId, untilAt, now };
  const grantId = await insertGrant(manager, grant);
  const consent = { grantId, event: 'GIVEN' as const, name, how, textId: text.id, mayLetIn, rights, untilAt };
  await recordConsent(manager, consent, { giver, recordedById: caller.accountId, now });
  return (await findRelative(manager, grantId)) as Relative;
}

async function openFamilyAccount(
  manager: EntityManager,
  { name, phone, now }: { name: string; phone: string; now: Date },
): Promise<number> {
  const { identifiers } = await manager.insert(Account, { name, createdAt: now });
  const accountId = Number(identifiers[0]?.id);
  await addPhone(manager, { accountId, phone, now });
  return accountId;
}

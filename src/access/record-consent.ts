import type { EntityManager } from 'typeorm';
import type { ConsentEvent, ConsentWay } from '../../entities/access/family-consent.entity.js';
import { FamilyConsent } from '../../entities/access/family-consent.entity.js';
import type { Giver } from './consent-giver.js';
import { type Extent, storedRights } from './family-rights.rules.js';

/** What is written down of a consent, beside who gave it. */
export interface NewConsent extends Extent {
  grantId: number;
  event: ConsentEvent;
  name: string;
  how: ConsentWay;
  /** Null for a withdrawal. */
  textId: number | null;
  mayLetIn: boolean;
}

/** Appends a consent and lets the grant rest on it: from the next request on the relative may just that. */
export async function recordConsent(
  manager: EntityManager,
  consent: NewConsent,
  { giver: { relative }, recordedById, now }: { giver: Giver; recordedById: number; now: Date },
): Promise<void> {
  const { grantId, event, name, how, textId, mayLetIn, untilAt } = consent;
  const rights = storedRights(consent.rights);
  const { identifiers } = await manager.insert(FamilyConsent, {
    grantId,
    event,
    giver: relative ? 'RELATIVE' : 'ELDER',
    recordedById,
    name,
    how,
    rights,
    mayLetIn,
    untilAt,
    at: now,
    // What is null is left out: the SQLite driver takes a lone null for an object.
    ...(relative ? { giverGrantId: relative.id } : {}),
    ...(textId === null ? {} : { textId }),
  });
  await manager.query(
    'UPDATE access_grant SET familyRights = ?, mayLetIn = ?, consentId = ?, untilAt = ? WHERE id = ?',
    [rights, Number(mayLetIn), Number(identifiers[0]?.id), untilAt.getTime(), grantId],
  );
}

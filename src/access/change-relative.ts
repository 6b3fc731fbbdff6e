import type { EntityManager } from 'typeorm';
import type { ConsentEvent } from '../../entities/access/family-consent.entity.js';
import type { ElderScope } from '../elders/elder-scope.js';
import { type Giver, lockElderAndGiver, refusalOfExtent } from './consent-giver.js';
import { currentConsentText } from './consent-texts.js';
import { cutTo, type Extent } from './family-rights.rules.js';
import type { Asker } from './grants.js';
import type { Agreement } from './let-relative-in.js';
import { recordConsent } from './record-consent.js';
import { type RelativeRefusal, refuseRelative } from './relative-refusals.js';
import { findRelative, isLiving, type Relative, relativesOfElders } from './relatives.js';

export interface ChangedRelative extends Extent, Agreement {
  grantId: number;
}

/**
 * Gives a relative other rights or another end. What a first relative gave shrinks with its own; what the elder
 * confirms in this way rests on the elder's consent from then on.
 */
export async function changeRelative(
  manager: EntityManager,
  change: ChangedRelative,
  scope: ElderScope,
  asker: Asker,
): Promise<Relative | RelativeRefusal> {
  const reached = await lockReached(manager, change.grantId, scope, asker);
  if (!reached) return refuseRelative('RELATIVE_UNKNOWN', ['grantId']);
  const { relative, giver, mayChange } = reached;
  if (!mayChange || !isLiving(relative, asker.now)) return refuseRelative('RELATIVE_UNKNOWN', ['grantId']);
  const text = await currentConsentText(manager);
  if (text.version !== change.consentVersion) {
    return refuseRelative('CONSENT_TEXT_OUTDATED', ['consentVersion']);
  }
  const beyond = refusalOfExtent(giver, change, asker.now, []);
  if (beyond) return beyond;
  const { name, mayLetIn } = relative;
  const { how, rights, untilAt } = change;
  const base = { event: 'CHANGED' as const, how, textId: text.id };
  const by = { giver, recordedById: asker.caller.accountId, now: asker.now };
  await recordConsent(manager, { ...base, grantId: relative.id, name, mayLetIn, rights, untilAt }, by);
  for (const other of await letInBy(manager, relative, asker.now)) {
    const cut = cutTo({ rights: other.rights, untilAt: other.untilAt ?? untilAt }, change);
    // Still by the consent of the first relative, whose own became smaller.
    const byFirst = { ...by, giver: { relative } };
    if (cut) {
      const smaller = { grantId: other.id, name: other.name, mayLetIn: other.mayLetIn, ...cut };
      await recordConsent(manager, { ...base, ...smaller }, byFirst);
    }
  }
  return (await findRelative(manager, relative.id)) as Relative;
}

/**
 * Takes a consent back: from the next request on the relative sees nothing of the elder, and neither do those whom
 * it let in, for their consent was its own. Whoever has ended stays as it is. A relative may leave by itself.
 */
export async function withdrawRelative(
  manager: EntityManager,
  { grantId, how }: { grantId: number; how: Agreement['how'] },
  scope: ElderScope,
  asker: Asker,
): Promise<Relative | RelativeRefusal> {
  const reached = await lockReached(manager, grantId, scope, asker);
  if (!reached) return refuseRelative('RELATIVE_UNKNOWN', ['grantId']);
  const { relative, giver } = reached;
  if (!isLiving(relative, asker.now)) return relative;
  const by = { giver, recordedById: asker.caller.accountId, now: asker.now };
  const event: ConsentEvent = 'WITHDRAWN';
  const dependent = await letInBy(manager, relative, asker.now);
  for (const { id, name, rights, mayLetIn, fromAt } of [relative, ...dependent]) {
    // Another server's clock may be a little ahead, and an interval never runs backwards.
    const untilAt = fromAt > asker.now ? fromAt : asker.now;
    const ending = { grantId: id, event, name, how, textId: null, mayLetIn, rights, untilAt };
    await recordConsent(manager, ending, by);
  }
  return (await findRelative(manager, relative.id)) as Relative;
}

/**
 * The relative, behind the lock of the elder, when the asker may speak of it: staff of all, a first relative of those
 * it let in, and everybody of themselves, though only to leave.
 */
async function lockReached(
  manager: EntityManager,
  grantId: number,
  scope: ElderScope,
  asker: Asker,
): Promise<{ relative: Relative; giver: Giver; mayChange: boolean } | undefined> {
  const seen = await findRelative(manager, grantId);
  const locked = seen && (await lockElderAndGiver(manager, seen.elderId, scope, asker));
  // Read again behind the lock, where nobody else is changing it.
  const relative = locked && (await findRelative(manager, grantId));
  if (!relative) return undefined;
  const { giver } = locked;
  const { relative: own } = giver;
  if (!own) return { relative, giver, mayChange: true };
  if (relative.id === own.id) return { relative, giver, mayChange: false };
  const letIn = own.mayLetIn && relative.giverGrantId === own.id;
  return letIn ? { relative, giver, mayChange: true } : undefined;
}

/** The living relatives whose grants rest on the consent of `first`. */
async function letInBy(manager: EntityManager, first: Relative, now: Date): Promise<Relative[]> {
  const all = (await relativesOfElders(manager, [first.elderId])).get(first.elderId) ?? [];
  return all.filter((one) => one.giverGrantId === first.id && one.id !== first.id && isLiving(one, now));
}

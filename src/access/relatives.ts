import type { EntityManager } from 'typeorm';
import type { FamilyRight } from '../../entities/access/access-grant.entity.js';
import type { ConsentEvent, ConsentGiver, ConsentWay } from '../../entities/access/family-consent.entity.js';
import { maskedPhone } from '../elders/masked-identity.rules.js';
import { placeholders } from '../shared/statements.js';
import { openPhone } from './family-phone.js';
import { rightsIn } from './family-rights.rules.js';

/** One line of what was agreed about a relative. */
export interface Consent {
  event: ConsentEvent;
  giver: ConsentGiver;
  /** The name of the account that recorded it. */
  recordedBy: string;
  how: ConsentWay;
  at: Date;
  rights: FamilyRight[];
  untilAt: Date;
  /** Null for a withdrawal. */
  textVersion: string | null;
  textZh: string | null;
  textEn: string | null;
}

/** A relative of an elder, as the grant and its consents have it. */
export interface Relative {
  /** The number of the grant. */
  id: number;
  accountId: number;
  elderId: number;
  /** As who gave the consent calls them. */
  name: string;
  phoneMasked: string | null;
  rights: FamilyRight[];
  mayLetIn: boolean;
  fromAt: Date;
  /** Null for one that no consent gave an end. */
  untilAt: Date | null;
  /** The grant of the relative whose consent this grant rests on; null when the elder gave it. */
  giverGrantId: number | null;
  /** In the order in which they were recorded. */
  consents: Consent[];
}

/** The relatives of these elders, those who are no more too, in the order of their grants. Two statements. */
export async function relativesOfElders(
  manager: EntityManager,
  elderIds: readonly number[],
): Promise<Map<number, Relative[]>> {
  const byElder = new Map<number, Relative[]>(elderIds.map((elderId) => [elderId, []]));
  for (const relative of await readRelatives(manager, 'elderId', elderIds)) {
    byElder.get(relative.elderId)?.push(relative);
  }
  return byElder;
}

/** Undefined for a grant that is no relative's. */
export async function findRelative(manager: EntityManager, grantId: number): Promise<Relative | undefined> {
  const [relative] = await readRelatives(manager, 'id', [grantId]);
  return relative;
}

/**
 * True while the relative has not ended; one may end without anybody withdrawing it. Whoever was withdrawn is none
 * whatever the time: a request that waited for the lock meanwhile took its `now` before the withdrawal.
 */
export function isLiving({ untilAt, consents }: Pick<Relative, 'untilAt' | 'consents'>, now: Date): boolean {
  return consents.at(-1)?.event !== 'WITHDRAWN' && (untilAt === null || now < untilAt);
}

interface RelativeRow {
  id: number;
  accountId: number;
  elderId: number;
  name: string;
  phoneSealed: string | null;
  familyRights: string | null;
  mayLetIn: number | boolean;
  fromAt: number | string;
  untilAt: number | string | null;
  giverGrantId: number | null;
}

async function readRelatives(
  manager: EntityManager,
  column: 'id' | 'elderId',
  ids: readonly number[],
): Promise<Relative[]> {
  if (ids.length === 0) return [];
  const rows: RelativeRow[] = await manager.query(
    `SELECT g.id, g.accountId, g.elderId, COALESCE(c.name, a.name) AS name, p.phoneSealed, g.familyRights,
            g.mayLetIn, g.fromAt, g.untilAt, c.giverGrantId
       FROM access_grant g
       JOIN account a ON a.id = g.accountId
       LEFT JOIN family_phone p ON p.accountId = g.accountId
       LEFT JOIN family_consent c ON c.id = g.consentId
      WHERE g.role = 'FAMILY' AND g.${column} IN (${placeholders(ids)})
      ORDER BY g.id`,
    [...ids],
  );
  const consents = await consentsOf(
    manager,
    rows.map(({ id }) => id),
  );
  return rows.map(({ phoneSealed, familyRights, fromAt, untilAt, ...row }) => ({
    ...row,
    phoneMasked: phoneSealed === null ? null : maskedPhone(openPhone(manager, phoneSealed)),
    rights: rightsIn(familyRights),
    mayLetIn: Boolean(row.mayLetIn),
    fromAt: new Date(Number(fromAt)),
    untilAt: untilAt === null ? null : new Date(Number(untilAt)),
    consents: consents.get(row.id) ?? [],
  }));
}

type ConsentRow = Omit<Consent, 'at' | 'untilAt' | 'rights'> & {
  grantId: number;
  rights: string;
  at: number | string;
  untilAt: number | string;
};

async function consentsOf(
  manager: EntityManager,
  grantIds: readonly number[],
): Promise<Map<number, Consent[]>> {
  const byGrant = new Map<number, Consent[]>();
  if (grantIds.length === 0) return byGrant;
  const rows: ConsentRow[] = await manager.query(
    `SELECT c.grantId, c.event, c.giver, a.name AS recordedBy, c.how, c.at, c.rights, c.untilAt,
            t.version AS textVersion, t.zh AS textZh, t.en AS textEn
       FROM family_consent c
       JOIN account a ON a.id = c.recordedById
       LEFT JOIN consent_text t ON t.id = c.textId
      WHERE c.grantId IN (${placeholders(grantIds)})
      ORDER BY c.id`,
    [...grantIds],
  );
  for (const { grantId, rights, at, untilAt, ...row } of rows) {
    const consent = {
      ...row,
      rights: rightsIn(rights),
      at: new Date(Number(at)),
      untilAt: new Date(Number(untilAt)),
    };
    byGrant.set(grantId, [...(byGrant.get(grantId) ?? []), consent]);
  }
  return byGrant;
}

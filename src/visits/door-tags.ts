import { randomBytes } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import type { AuditedState } from '../audit-log/write-on-record.js';
import type { ElderScope } from '../elders/elder-scope.js';
import { elderState } from '../elders/elder-state.js';
import { findElder, lockElder } from '../elders/find-elder.js';
import { type Day, dayOf } from '../shared/china-time.js';
import { cipherOf } from '../shared/database-cipher.js';
import { insertRows, placeholders } from '../shared/statements.js';
import { type CareRefusal, refuseCare } from './care-refusals.js';
import { tagTextPrefix } from './door-tag-text.rules.js';

/** As many doors as an elder may have, and a new tag beside the old one. */
const tagsMax = 5;

export interface DoorTagShown {
  id: number;
  elderId: number;
  issuedAt: Date;
  revokedAt: Date | null;
}

/** Under which a text that was read is found. */
export function tagHash(manager: EntityManager, text: string): string {
  return cipherOf(manager).lookup('door_tag.code', text);
}

/** Issues a tag for an elder's door. Its text is in this answer and nowhere else. */
export async function issueDoorTag(
  manager: EntityManager,
  { elderId, byId, now }: { elderId: number; byId: number; now: Date },
  scope: ElderScope,
): Promise<(DoorTagShown & { code: string }) | CareRefusal> {
  const elder = await lockElder(manager, elderId, scope, dayOf(now));
  if (!elder) return refuseCare('ELDER_UNKNOWN', ['elderId']);
  if (elder.status !== 'ACTIVE') return refuseCare('ELDER_NOT_ACTIVE', ['elderId']);
  const live = (await tagsOf(manager, elderId)).filter(({ revokedAt }) => revokedAt === null);
  if (live.length >= tagsMax) return refuseCare('TOO_MANY', ['elderId']);
  const code = tagTextPrefix + randomBytes(20).toString('base64url');
  const codeHash = tagHash(manager, code);
  const columns = ['elderId', 'codeHash', 'issuedAt', 'issuedById'];
  await insertRows(manager, 'door_tag', columns, [[elderId, codeHash, now.getTime(), byId]]);
  const rows: { id: number }[] = await manager.query('SELECT id FROM door_tag WHERE codeHash = ?', [
    codeHash,
  ]);
  return { id: rows[0]?.id ?? 0, elderId, issuedAt: now, revokedAt: null, code };
}

/** Says that a tag is no longer to be believed. Again is as once. */
export async function revokeDoorTag(
  manager: EntityManager,
  { id, byId, now }: { id: number; byId: number; now: Date },
  scope: ElderScope,
): Promise<DoorTagShown | CareRefusal> {
  const rows: { elderId: number }[] = await manager.query('SELECT elderId FROM door_tag WHERE id = ?', [id]);
  const elder = await lockElder(manager, rows[0]?.elderId ?? 0, scope, dayOf(now));
  if (!elder) return refuseCare('TAG_UNKNOWN', ['id']);
  await manager.query(
    'UPDATE door_tag SET revokedAt = ?, revokedById = ? WHERE id = ? AND revokedAt IS NULL',
    [now.getTime(), byId, id],
  );
  return (await tagsOf(manager, elder.id)).find((tag) => tag.id === id) as DoorTagShown;
}

/** The tags of an elder's door, revoked ones too; none for an elder out of scope. */
export async function doorTagsOf(
  manager: EntityManager,
  elderId: number,
  scope: ElderScope,
  today: Day,
): Promise<DoorTagShown[]> {
  const elder = await findElder(manager, elderId, scope, today);
  return tagsOf(manager, elder?.id ?? 0);
}

async function tagsOf(manager: EntityManager, elderId: number): Promise<DoorTagShown[]> {
  const rows: { id: number; issuedAt: number | string; revokedAt: number | string | null }[] =
    await manager.query('SELECT id, issuedAt, revokedAt FROM door_tag WHERE elderId = ? ORDER BY id', [
      elderId,
    ]);
  return rows.map(({ id, issuedAt, revokedAt }) => ({
    id,
    elderId,
    issuedAt: new Date(Number(issuedAt)),
    revokedAt: revokedAt === null ? null : new Date(Number(revokedAt)),
  }));
}

/** Whose door each of these hashes is, and since when an elder's door has had a tag that counts. Two statements. */
export async function liveTags(
  manager: EntityManager,
  hashes: readonly string[],
  elderIds: readonly number[],
): Promise<{ elderOf: ReadonlyMap<string, number>; since: ReadonlyMap<number, Date> }> {
  const read: { codeHash: string; elderId: number }[] = await manager.query(
    `SELECT codeHash, elderId FROM door_tag
      WHERE codeHash IN (${placeholders(hashes) || 'NULL'}) AND revokedAt IS NULL`,
    [...hashes],
  );
  const hung: { elderId: number; since: number | string }[] = await manager.query(
    `SELECT elderId, MIN(issuedAt) AS since FROM door_tag
      WHERE elderId IN (${placeholders(elderIds) || 'NULL'}) AND revokedAt IS NULL GROUP BY elderId`,
    [...elderIds],
  );
  return {
    elderOf: new Map(read.map(({ codeHash, elderId }) => [codeHash, elderId])),
    since: new Map(hung.map(({ elderId, since }) => [elderId, new Date(Number(since))])),
  };
}

/** The file of the elder whose tag it is, as the audit log shows it. */
export async function doorTagState(manager: EntityManager, id: number): Promise<AuditedState | undefined> {
  const rows: { elderId: number }[] = await manager.query('SELECT elderId FROM door_tag WHERE id = ?', [id]);
  const state = await elderState(manager, rows[0]?.elderId ?? 0);
  if (!state) return undefined;
  const after: { revokedAt: number | string | null }[] = await manager.query(
    'SELECT revokedAt FROM door_tag WHERE id = ?',
    [id],
  );
  return { about: state.about, values: { tag: id, revoked: after[0]?.revokedAt !== null } };
}

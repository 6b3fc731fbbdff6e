import type { EntityManager } from 'typeorm';
import { Elder } from '../../entities/elders/elder.entity.js';
import type { AuditedState } from '../audit-log/write-on-record.js';
import { forUpdate } from '../shared/database.js';
import { maskedName } from './masked-name.rules.js';

/** An elder's file as the audit log shows it, without health and numbers; it stays locked from the first look on. */
export async function elderState(manager: EntityManager, elderId: number): Promise<AuditedState | undefined> {
  await manager.query(`SELECT id FROM elder WHERE id = ?${forUpdate(manager)}`, [elderId]);
  const elder = await manager.findOneBy(Elder, { id: elderId });
  if (!elder) return undefined;
  const { name, status, homeStationId, registeredOn, endedOn } = elder;
  return {
    about: { elderId, facilityId: homeStationId, subject: `elder:${elderId}` },
    values: { name: maskedName(name), status, homeStationId, registeredOn, endedOn },
  };
}

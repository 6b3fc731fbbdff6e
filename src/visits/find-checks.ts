import type { EntityManager } from 'typeorm';
import type { CheckKind, TagResult } from '../../entities/visits/visit-check.entity.js';
import { placeholders } from '../shared/statements.js';
import { type TapDoubt, tapDoubts } from './tap.rules.js';

/** A tap as a manager who looks at it sees it. */
export interface FoundCheck {
  requestId: string;
  kind: CheckKind;
  caregiverName: string;
  deviceAt: Date;
  receivedAt: Date;
  countsAt: Date;
  offline: boolean;
  distanceMetres: number | null;
  accuracyMetres: number | null;
  tag: TagResult;
  doubts: TapDoubt[];
}

type Instants = 'deviceAt' | 'receivedAt' | 'countsAt';

/** The taps of each of these visits in the order of their times. One statement. */
export async function checksOfVisits(
  manager: EntityManager,
  visitIds: readonly number[],
): Promise<Map<number, FoundCheck[]>> {
  const found = new Map<number, FoundCheck[]>(visitIds.map((id) => [id, []]));
  const rows: (Omit<FoundCheck, Instants | 'offline' | 'doubts'> &
    Record<Instants, number | string> & { visitId: number; isOffline: boolean | number; doubts: string })[] =
    await manager.query(
      `SELECT tap.visitId, tap.requestId, tap.kind, account.name AS caregiverName, tap.deviceAt, tap.receivedAt,
              tap.countsAt, tap.isOffline, tap.distanceMetres, tap.accuracyMetres, tap.tag, tap.doubts
         FROM visit_check tap
         JOIN caregiver ON caregiver.id = tap.caregiverId
         JOIN account ON account.id = caregiver.accountId
        WHERE tap.visitId IN (${placeholders(visitIds) || 'NULL'}) ORDER BY tap.countsAt, tap.id`,
      [...visitIds],
    );
  for (const { visitId, isOffline, deviceAt, receivedAt, countsAt, doubts, ...row } of rows) {
    found.get(visitId)?.push({
      ...row,
      deviceAt: new Date(Number(deviceAt)),
      receivedAt: new Date(Number(receivedAt)),
      countsAt: new Date(Number(countsAt)),
      offline: Boolean(isOffline),
      doubts: tapDoubts.filter((doubt) => doubts.split(' ').includes(doubt)),
    });
  }
  return found;
}

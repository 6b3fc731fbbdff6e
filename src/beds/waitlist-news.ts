import type { EntityManager } from 'typeorm';
import { coversElder, type ElderScope } from '../elders/elder-scope.js';
import { dayOf } from '../shared/china-time.js';
import { announce } from '../shared/live/announce.js';
import { type Topic, topicKind } from '../shared/live/live-event.js';

/** What happened to somebody in line. */
export type LineNews = {
  entryId: number;
  what: 'JOINED' | 'LEFT' | 'OFFERED' | 'ACCEPTED' | 'DECLINED' | 'PASSED_ON';
};

const keyOf = ({ entryId }: LineNews) => entryId;

/** What families listen to: the places of one elder in line. */
export const linesOfOneElder = topicKind<LineNews>('beds/waiting-elder', keyOf);
export const linesOfFacility = topicKind<LineNews>('beds/waiting-facility', keyOf);

/** Tells whom it concerns, when the transaction is committed. */
export function announceLine(
  manager: EntityManager,
  { elderId, facilityId, entryId, what }: LineNews & { elderId: number; facilityId: number },
): void {
  announce(manager, linesOfOneElder(elderId), { entryId, what });
  announce(manager, linesOfFacility(facilityId), { entryId, what });
}

/** The topic of an elder within `scope`; undefined for another one, and as well when there is no such elder. */
export async function waitingTopics(
  manager: EntityManager,
  elderId: number,
  scope: ElderScope,
  now: Date,
): Promise<Topic<LineNews>[] | undefined> {
  const [elder]: { homeStationId: number | null }[] = await manager.query(
    'SELECT homeStationId FROM elder WHERE id = ?',
    [elderId],
  );
  // Of an elder that there is not it is asked as much as of a foreign one.
  const asked = { id: elderId, homeStationId: elder?.homeStationId ?? null };
  return (await coversElder(manager, scope, asked, dayOf(now))) && elder
    ? [linesOfOneElder(elderId)]
    : undefined;
}

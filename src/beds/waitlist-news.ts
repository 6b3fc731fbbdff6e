import type { EntityManager } from 'typeorm';
import { announce } from '../shared/live/announce.js';
import { topicKind } from '../shared/live/live-event.js';

/** What happened to somebody in line. */
export type LineNews = {
  entryId: number;
  what: 'JOINED' | 'LEFT' | 'OFFERED' | 'ACCEPTED' | 'DECLINED';
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

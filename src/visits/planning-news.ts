import type { EntityManager } from 'typeorm';
import { announce } from '../shared/live/announce.js';
import { topicKind } from '../shared/live/live-event.js';

/** That somebody of a station works at other times, has another skill, or came or left; for what servers keep in memory. */
export const rosterOfStation = topicKind<{ stationId: number }>('visits/roster');

/** That services, prices, offers or terms changed, of whichever place. */
export const catalogChanged = topicKind<{ catalogue: number }>('visits/catalogue')(0);

/** Says so once it is committed. That it was not so after all does no harm: what is kept is read anew. */
export function announceRoster(manager: EntityManager, stationId: number): void {
  announce(manager, rosterOfStation(stationId), { stationId });
}

export function announceCatalog(manager: EntityManager): void {
  announce(manager, catalogChanged, { catalogue: 0 });
}

import type { EntityManager } from 'typeorm';
import type { Scope } from '../network/scope.js';
import type { Day } from '../shared/china-time.js';

/** Somebody who sees elders one by one and for a time, at stations of these facilities and beneath them. */
export interface WindowHolder {
  accountId: number;
  stations: Scope;
}

/**
 * Which elders are open to somebody whose grants cover no place. Elders know nothing of visits, so the server
 * hands in the area that does; with the scope of the grants it is all that decides whom a caller sees.
 */
export interface ElderWindows {
  /** The ids of the elders open on `today`; few, for they are those of somebody's own work. One statement. */
  eldersOpenTo(manager: EntityManager, holder: WindowHolder, today: Day): Promise<number[]>;
}

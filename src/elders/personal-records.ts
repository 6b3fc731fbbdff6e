import type { EntityManager } from 'typeorm';
import type { Text } from '../shared/text.js';

/**
 * What an area that leans on elders keeps about one of them. The server hands the areas in, so that an
 * elder's file is exported and erased whole although elders know of none of them.
 */
export interface PersonalRecords {
  /** Under which it stands in an exported file. */
  name: string;
  /** All of it, as it is put into JSON; instants in ISO 8601, money in fen. */
  collect(manager: EntityManager, elderId: number): Promise<unknown>;
  /**
   * What of it is not over yet, each in a few words: while anything is, the person is not taken out, for whoever has
   * to end it must know of whom it is. Without this function nothing of it can be open. It locks what it looks at.
   */
  unsettled?(manager: EntityManager, elderId: number): Promise<readonly Text[]>;
  /** Takes out whatever tells who the elder was, and leaves every sum as it is. Again is as once. */
  erase(manager: EntityManager, elderId: number): Promise<void>;
}

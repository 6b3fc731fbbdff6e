import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { LedgerAccount, MealCard } from '../../entities/index.js';
import type { CardStatus } from '../../entities/meals/meal-card.entity.js';
import { endElder } from '../../src/elders/end-elder.js';
import { registerElder } from '../../src/elders/register-elder.js';
import { issueCard } from '../../src/meals/issue-card.js';
import { type Replacement, replaceCard } from '../../src/meals/replace-card.js';
import { reportCardLost } from '../../src/meals/report-card-lost.js';
import type { Scope } from '../../src/network/scope.js';
import type { Database } from '../../src/shared/database.js';
import { isRefusal } from '../../src/shared/refusal.js';
import { countRows, noon, today } from './town.js';
import { newIdNumber } from './two-counties.js';

/** What a counter does with elders and cards at noon, on one database. */
export class Counter {
  constructor(
    readonly database: Database,
    private readonly stationId: number,
  ) {}

  /** An elder of the station without a card. */
  newElder = async (): Promise<number> => {
    const registration = {
      name: '李秀兰',
      idNumber: newIdNumber(),
      homeStationId: this.stationId,
      categories: [],
      abilityLevel: null,
      abilityExpiresOn: null,
    };
    const elder = await this.database.write((manager) =>
      registerElder(manager, registration, 'everywhere', today),
    );
    if (isRefusal(elder)) throw new Error(elder.refused);
    return elder.id;
  };

  issue = (elderId: number, uid: string, scope: Scope = 'everywhere') =>
    this.database.write((manager) => issueCard(manager, { elderId, uid }, scope, today));

  reportLost = (uid: string, scope: Scope = 'everywhere') =>
    this.database.write((manager) => reportCardLost(manager, uid, scope, noon));

  replace = (cardUid: string, newCardUid: string, changed: Partial<Replacement & { scope: Scope }> = {}) => {
    const { scope = 'everywhere', ...more } = changed;
    const replacement = { requestId: randomUUID(), cardUid, newCardUid, now: noon, ...more };
    return this.database.write((manager) => replaceCard(manager, replacement, scope));
  };

  end = (elderId: number) =>
    this.database.write((manager) =>
      endElder(manager, { elderId, status: 'DECEASED', on: today }, 'everywhere', today),
    );

  /** Sets a status that no operation leads to yet. */
  force = (uid: string, status: CardStatus) =>
    this.database.write((manager) =>
      manager.query(
        `UPDATE meal_card SET status = ?, activeElderId = ${status === 'ACTIVE' ? 'elderId' : 'NULL'},
                              stoppedAt = ${status === 'ACTIVE' ? 'NULL' : '0'} WHERE uid = ?`,
        [status, uid],
      ),
    );

  /** The uids and statuses of an elder's cards, in the order of issue. */
  cardsOf = async (elderId: number): Promise<[string, CardStatus][]> => {
    const cards = await this.database.read((manager) =>
      manager.find(MealCard, { where: { elderId }, order: { id: 'ASC' } }),
    );
    for (const { activeElderId, status } of cards) {
      expect(activeElderId).toBe(status === 'ACTIVE' ? elderId : null);
    }
    return cards.map(({ uid, status }) => [uid, status]);
  };

  accountsOf = (elderId: number) =>
    this.database.read((manager) => manager.countBy(LedgerAccount, { kind: 'ELDER', ownerId: elderId }));

  /** How many rows the tables hold that a card operation could write to. */
  rows = async () => ({
    cards: await countRows(this, 'meal_card'),
    replacements: await countRows(this, 'card_replacement'),
    accounts: await countRows(this, 'ledger_account'),
    postings: await countRows(this, 'ledger_posting'),
  });
}

/** What refused those of the results that are refusals. */
export function refusals(results: readonly object[]): string[] {
  return results.flatMap((result) => (isRefusal(result) ? [result.refused] : []));
}

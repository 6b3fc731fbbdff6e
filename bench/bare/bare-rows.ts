import type { EntityManager } from 'typeorm';
import { swipeColumns } from '../../src/meals/decided-swipe.js';
import { dayOf } from '../../src/shared/china-time.js';
import type { Database } from '../../src/shared/database.js';
import type { IdBlocks } from '../../src/shared/ids.js';
import { grossFen, type Lunch } from '../support/lunches.js';

/** What the rows of the demo city's lunches share, looked up before the clock runs. */
export interface BareCity {
  ruleId: number;
  funderAccountId: number;
  canteens: readonly BareCanteen[];
}

interface BareCanteen {
  canteenId: number;
  readerId: number;
  receivableAccountId: number;
}

/** A lunch with the ids of its rows and the canteen where it was eaten. */
export interface BareSwipe extends Lunch {
  id: number;
  canteen: BareCanteen;
}

/** A card with its elder and balance, read under a lock. */
export interface BareCard {
  uid: string;
  status: string;
  elderId: number;
  accountId: number;
  balanceFen: number;
}

const subsidyFen = 300;
export const selfPaidFen = grossFen - subsidyFen;

export async function readBareCity(manager: EntityManager): Promise<BareCity> {
  const [rule]: { id: number }[] = await manager.query(
    `SELECT id FROM subsidy_rule WHERE status = 'APPROVED' AND toDay IS NULL ORDER BY id`,
  );
  const [funder]: { id: number }[] = await manager.query(
    `SELECT id FROM ledger_account WHERE kind = 'FUNDER' ORDER BY id`,
  );
  const canteens: BareCanteen[] = await manager.query(
    `SELECT g.facilityId AS canteenId, g.accountId AS readerId, a.id AS receivableAccountId
       FROM access_grant g
       JOIN ledger_account a ON a.kind = 'CANTEEN_RECEIVABLE' AND a.ownerId = g.facilityId
      WHERE g.role = 'READER'`,
  );
  if (!rule || !funder || canteens.length === 0) throw new Error('the demo city is not in this database');
  return { ruleId: rule.id, funderAccountId: funder.id, canteens };
}

/** Gives lunches their ids and canteens, from the same blocks of ids as a server. */
export class BareSwipes {
  private readonly made: BareSwipe[] = [];

  constructor(
    private readonly next: () => Lunch,
    private readonly ids: IdBlocks,
    readonly city: BareCity,
  ) {}

  static async of(database: Database, ids: IdBlocks, next: () => Lunch): Promise<BareSwipes> {
    return new BareSwipes(next, ids, await database.read(readBareCity));
  }

  async fill(count: number): Promise<void> {
    const { canteens } = this.city;
    while (this.made.length < count) {
      const id = await this.ids.take(1);
      const canteen = canteens[id % canteens.length];
      if (canteen) this.made.push({ ...this.next(), id, canteen });
    }
  }

  /** As many as asked, or fewer when those that were made are used up. */
  take(count: number): BareSwipe[] {
    return this.made.splice(Math.max(this.made.length - count, 0), count);
  }
}

export const bareSwipeColumns = swipeColumns;
export const postingColumns = ['id', 'kind', 'sourceId', 'bookedOn', 'postedAt'] as const;
export const entryColumns = ['postingId', 'line', 'accountId', 'fen'] as const;

/** The values of an accepted lunch, as the platform writes them. */
export function bareSwipeRow(
  { id, canteen, ...lunch }: BareSwipe,
  card: BareCard,
  { ruleId }: BareCity,
): unknown[] {
  const swipedAt = new Date(lunch.swipedAt);
  const day = dayOf(swipedAt);
  return [
    id,
    lunch.swipeId,
    canteen.readerId,
    canteen.canteenId,
    lunch.sequence,
    lunch.cardUid,
    swipedAt.getTime(),
    Date.now(),
    lunch.grossFen,
    'DINE_IN',
    1,
    'ACCEPTED',
    null,
    card.elderId,
    day,
    'LUNCH',
    'LUNCH',
    subsidyFen,
    0,
    selfPaidFen,
    card.balanceFen - selfPaidFen,
    ruleId,
    'SET_MEAL',
    `${ruleId}.0=${subsidyFen}`,
  ];
}

export function barePostingRow({ id }: BareSwipe): unknown[] {
  const now = Date.now();
  return [id, 'SWIPE', id, dayOf(new Date(now)), now];
}

export function bareEntryRows({ id, canteen }: BareSwipe, card: BareCard, city: BareCity): unknown[][] {
  return [
    [id, 1, canteen.receivableAccountId, grossFen],
    [id, 2, city.funderAccountId, -subsidyFen],
    [id, 3, card.accountId, -selfPaidFen],
  ];
}

/** Stops a loop whose rows would not be those of an accepted lunch. */
export function mustPay(swipe: BareSwipe, card: BareCard | undefined, taken: boolean): BareCard {
  if (card?.status !== 'ACTIVE' || card.balanceFen < selfPaidFen || taken)
    throw new Error(`the lunch ${swipe.swipeId} would not be accepted`);
  return card;
}

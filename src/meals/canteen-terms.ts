import type { EntityManager } from 'typeorm';
import type { Meal } from '../../entities/meals/meal-window.entity.js';
import { ancestorsOf } from '../network/tree.js';
import type { Day } from '../shared/china-time.js';
import type { Database } from '../shared/database.js';
import { placeholders } from '../shared/statements.js';
import type { ServingWindow } from './meal-window.rules.js';
import { type RuleCatalog, readRuleCatalog, rulesInForce } from './rules/rule-catalog.js';
import { together } from './rules/rule-needs.rules.js';
import type { CanteenTerms } from './swipe.rules.js';

/** A canteen on a day; the day decides where it stood in the network and so which rules count. */
export interface CanteenDayKey {
  canteenId: number;
  day: Day;
}

/** Terms by `termsKey`. */
export type TermsByKey = ReadonlyMap<string, CanteenTerms>;

export function termsKey({ canteenId, day }: CanteenDayKey): string {
  return `${canteenId} ${day}`;
}

/** What was read since the last second began; what is on its way when that is over belongs to the old one. */
interface Second {
  terms: Map<string, CanteenTerms>;
  /** What was asked for, by `termsKey`: most of it is asked for again in the next second. */
  asked: Map<string, CanteenDayKey>;
  rules?: RuleCatalog;
  /** What the second before had asked for, while it is read. */
  again?: Promise<void>;
}

/**
 * The terms of canteens, kept for a second: at noon the same canteens ask a hundred times a second, and
 * prices, windows and rules change once in months. A change counts on every server after that second. What one
 * second asked for, the next reads at once: a city's canteens in one go, and not some of them in each batch.
 */
export class CanteenTermsCache {
  private second: Second = { terms: new Map(), asked: new Map() };
  private begunAtMs = 0;

  constructor(
    private readonly database: Database,
    private readonly ageMsMax = 1000,
  ) {}

  async of(keys: readonly CanteenDayKey[]): Promise<TermsByKey> {
    if (performance.now() - this.begunAtMs > this.ageMsMax) this.begin([...this.second.asked.values()]);
    const { second } = this;
    for (const key of keys) second.asked.set(termsKey(key), key);
    await second.again;
    const missing = keys.filter((key) => !second.terms.has(termsKey(key)));
    if (missing.length > 0) await this.readInto(second, missing);
    return second.terms;
  }

  private begin(again: readonly CanteenDayKey[]): void {
    const second: Second = { terms: new Map(), asked: new Map() };
    this.second = second;
    this.begunAtMs = performance.now();
    if (again.length === 0) return;
    // Whoever begins it waits for it, and hears of a failure with all who came meanwhile; later ones read themselves.
    second.again = this.readInto(second, again).finally(() => {
      second.again = undefined;
    });
  }

  private async readInto(second: Second, keys: readonly CanteenDayKey[]): Promise<void> {
    const read = await this.database.read((manager) =>
      readCanteenTerms(manager, keys, async () => {
        second.rules ??= await readRuleCatalog(manager);
        return second.rules;
      }),
    );
    for (const [key, value] of read) second.terms.set(key, value);
  }
}

/**
 * Reads terms in three statements and one for each day asked for, whatever the number of canteens.
 *
 * @param rules reads the rules, unless they are known already or others are to be tried
 */
export async function readCanteenTerms(
  manager: EntityManager,
  keys: readonly CanteenDayKey[],
  rules: (manager: EntityManager) => Promise<RuleCatalog> = readRuleCatalog,
): Promise<Map<string, CanteenTerms>> {
  const canteens = await readCanteens(manager, [...new Set(keys.map(({ canteenId }) => canteenId))]);
  const catalog = await rules(manager);
  const terms = new Map<string, CanteenTerms>();
  for (const day of new Set(keys.map((key) => key.day))) {
    const ancestors = await ancestorsOf(manager, [...canteens.keys()], day);
    for (const [canteenId, { division, ...canteen }] of canteens) {
      const places = [...(ancestors.get(canteenId) ?? []), canteenId];
      const sets = rulesInForce(catalog.versions.values(), places, day);
      const subsidy = { sets, funders: catalog.funders, division };
      const needs = together(sets.map((set) => set.needs));
      terms.set(termsKey({ canteenId, day }), { ...canteen, subsidy, needs, versions: catalog.versions });
    }
  }
  return terms;
}

async function readCanteens(
  manager: EntityManager,
  canteenIds: readonly number[],
): Promise<Map<number, CanteenRead>> {
  if (canteenIds.length === 0) return new Map();
  const rows: CanteenRow[] = await manager.query(
    `SELECT c.facilityId AS canteenId, c.priceFenMax, CAST(f.openedOn AS CHAR) AS openedOn,
            CAST(f.closedOn AS CHAR) AS closedOn, f.divisionCode AS division, w.meal, w.fromMinute, w.toMinute,
            receivable.id AS receivableAccountId, discount.id AS discountAccountId
       FROM canteen c
       JOIN facility f ON f.id = c.facilityId
       JOIN ledger_account receivable
         ON receivable.kind = 'CANTEEN_RECEIVABLE' AND receivable.ownerId = c.facilityId
       JOIN ledger_account discount
         ON discount.kind = 'CANTEEN_DISCOUNT' AND discount.ownerId = c.facilityId
       LEFT JOIN meal_window w ON w.canteenId = c.facilityId
      WHERE c.facilityId IN (${placeholders(canteenIds)})`,
    [...canteenIds],
  );
  const canteens = new Map<number, CanteenRead & { windows: ServingWindow[] }>();
  for (const { meal, fromMinute, toMinute, ...row } of rows) {
    const canteen = canteens.get(row.canteenId) ?? {
      ...row,
      priceFenMax: Number(row.priceFenMax),
      windows: [],
    };
    if (meal !== null) canteen.windows.push({ meal, fromMinute, toMinute });
    canteens.set(row.canteenId, canteen);
  }
  return canteens;
}

/** A canteen without what decides subsidies there. */
type CanteenRead = Omit<CanteenTerms, 'subsidy' | 'needs' | 'versions'> & { division: string };

interface CanteenRow {
  canteenId: number;
  division: string;
  priceFenMax: number | string;
  openedOn: Day;
  closedOn: Day | null;
  meal: Meal | null;
  fromMinute: number;
  toMinute: number;
  receivableAccountId: number;
  discountAccountId: number;
}

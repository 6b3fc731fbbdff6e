import type { EntityManager } from 'typeorm';
import type { Meal } from '../../../entities/meals/meal-window.entity.js';
import { type InstitutionStays, stayKey } from '../../elders/institution-stays.js';
import { ancestorFacilitiesOf } from '../../network/ancestor-facilities.js';
import { type SqlPart, withBeneath } from '../../network/tree.js';
import { addDays, type Day } from '../../shared/china-time.js';
import { daysCounted, type PastMeal } from '../rules/rule-caps.rules.js';
import { readUses, type StoredUses } from '../rules/rule-catalog.js';
import type { DayTerms, ListedCard, ListFacts } from './list-items.rules.js';

/** Who ate at a canteen in so many days is expected there again, wherever the elder lives. */
const regularDays = 30;

/** More cards than any street has; of more the newest are listed, and the others are strangers to the reader. */
const cardsMax = 20_000;

/**
 * The cards of a canteen: those of the elders who live in the part of the network around it, a street or what several
 * towns share, and those of who ate there lately; with all that decides about them. Six statements, however many.
 */
export async function readListFacts(
  manager: EntityManager,
  { canteenId, days, stays }: { canteenId: number; days: ListFacts['days']; stays: InstitutionStays },
): Promise<Omit<ListFacts, 'salt'>> {
  const today = days[0].day;
  const scope = withElders(await placeAround(manager, canteenId, today), canteenId, today);
  const categories = await readCategories(manager, scope);
  // Meals before balances: of a meal that is had in between, the list knows too little money rather than too much.
  const meals = await readMeals(manager, scope, days);
  const cards = (await readCards(manager, scope)).map((card) => ({
    ...card,
    balanceFen: Number(card.balanceFen),
    stoppedAt: card.stoppedAt === null ? null : new Date(Number(card.stoppedAt)),
    categories: categories.get(card.elderId) ?? [],
  }));
  const elderIds = [...new Set(cards.map(({ elderId }) => elderId))];
  const living = await stays.on(
    manager,
    elderIds,
    days.map(({ day }) => day),
  );
  return {
    days,
    cards,
    mealsOf: (elderId) => meals.get(elderId) ?? [],
    livesInInstitution: (elderId, day) => living.has(stayKey(elderId, day)),
  };
}

/** The nearest street or regional centre above the canteen, else what it stands beneath, else the canteen itself. */
async function placeAround(manager: EntityManager, canteenId: number, day: Day): Promise<number> {
  const above = (await ancestorFacilitiesOf(manager, [canteenId], day)).get(canteenId) ?? [];
  const centre = above.findLast(({ kind }) => kind === 'STREET_CENTER' || kind === 'REGIONAL_CENTER');
  return (centre ?? above.at(-1))?.id ?? canteenId;
}

/** The table `scope (elderId)` in front of a SELECT, each elder once. */
function withElders(placeId: number, canteenId: number, today: Day): SqlPart {
  const { sql, parameters } = withBeneath([placeId], today);
  return {
    sql: `${sql},
          scope (elderId) AS (
            SELECT home.id FROM beneath CROSS JOIN elder home ON home.homeStationId = beneath.facilityId
            UNION
            SELECT guest.elderId FROM swipe guest
             WHERE guest.canteenId = ? AND guest.mealDate >= ? AND guest.elderId IS NOT NULL
          )`,
    parameters: [...parameters, canteenId, addDays(today, -regularDays)],
  };
}

/** CROSS JOIN keeps SQLite to the order written: the elders of the list first, and then what belongs to them. */
function readCards(manager: EntityManager, scope: SqlPart): Promise<CardRow[]> {
  return manager.query(
    `${scope.sql}
     SELECT c.uid, c.id AS cardId, c.stoppedAt, CAST(c.expiresOn AS CHAR) AS expiresOn, e.id AS elderId,
            CAST(e.birthDate AS CHAR) AS birthDate, CAST(e.endedOn AS CHAR) AS elderEndedOn,
            e.abilityLevel, CAST(e.abilityExpiresOn AS CHAR) AS abilityExpiresOn,
            a.balanceFen, f.divisionCode AS residence
       FROM scope
      CROSS JOIN meal_card c ON c.elderId = scope.elderId
      CROSS JOIN elder e ON e.id = c.elderId
      CROSS JOIN ledger_account a ON a.kind = 'ELDER' AND a.ownerId = c.elderId
       LEFT JOIN facility f ON f.id = e.homeStationId
      ORDER BY c.id DESC
      LIMIT ${cardsMax}`,
    scope.parameters,
  );
}

interface CardRow extends Omit<ListedCard, 'balanceFen' | 'stoppedAt' | 'categories'> {
  balanceFen: number | string;
  stoppedAt: number | string | null;
}

async function readCategories(
  manager: EntityManager,
  scope: SqlPart,
): Promise<ReadonlyMap<number, string[]>> {
  const rows: { elderId: number; category: string }[] = await manager.query(
    `${scope.sql}
     SELECT k.elderId, k.category FROM scope CROSS JOIN elder_category k ON k.elderId = scope.elderId`,
    scope.parameters,
  );
  const categories = new Map<number, string[]>();
  for (const { elderId, category } of rows) pushTo(categories, elderId, category);
  return categories;
}

/** What was had on the days of the list, and what rules gave as far back as they count. */
async function readMeals(
  manager: EntityManager,
  scope: SqlPart,
  days: readonly DayTerms[],
): Promise<ReadonlyMap<number, PastMeal[]>> {
  const periods = days.map(({ day, canteen: { needs } }) => daysCounted(needs.past, day));
  const first = periods.map((period) => period.first).sort()[0];
  const last = days.at(-1)?.day;
  const rows: MealRow[] = await manager.query(
    `${scope.sql}
     SELECT s.elderId, CAST(s.mealDate AS CHAR) AS mealDate, s.claimedMeal AS meal, s.ruleId, s.subsidyFen,
            s.appliedRules
       FROM scope
      CROSS JOIN swipe s ON s.elderId = scope.elderId
      WHERE s.mealDate >= ? AND s.mealDate <= ? AND s.claimedMeal IS NOT NULL`,
    [...scope.parameters, first, last],
  );
  const versions = days[0]?.canteen.versions ?? new Map();
  const meals = new Map<number, PastMeal[]>();
  for (const row of rows) {
    pushTo(meals, row.elderId, { day: row.mealDate, meal: row.meal, uses: readUses(row, versions) });
  }
  return meals;
}

interface MealRow extends StoredUses {
  elderId: number;
  mealDate: Day;
  meal: Meal;
}

function pushTo<Value>(map: Map<number, Value[]>, key: number, value: Value): void {
  const known = map.get(key);
  if (known) known.push(value);
  else map.set(key, [value]);
}

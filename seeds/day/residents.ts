import type { EntityManager } from 'typeorm';
import { staysInInstitutions } from '../../src/beds/stays-in-institutions.js';
import { stayKey } from '../../src/elders/institution-stays.js';
import type { Day } from '../../src/shared/china-time.js';
import { demoElder } from '../elders/demo-elder.js';
import type { Reconciled } from './reconcile.js';

/** Cards of those for whom a home cares on a day: who has a bed, whoever is on leave included, and who is expected. */
async function residentCards(manager: EntityManager, day: Day): Promise<Set<string>> {
  const rows: { uid: string }[] = await manager.query(
    `SELECT card.uid FROM bed_stay stay JOIN meal_card card ON card.elderId = stay.elderId
      WHERE stay.cancelledAt IS NULL AND (stay.toDay IS NULL OR stay.toDay > ?)
     UNION
     SELECT card.uid FROM bed_hold hold JOIN meal_card card ON card.elderId = hold.elderId
      WHERE hold.endedAt IS NULL AND hold.expiresOn >= ?`,
    [day, day],
  );
  return new Set(rows.map(({ uid }) => uid));
}

/** Of the city's elders, by their numbers, who lives in homes on a day. */
export interface CityResidents {
  isCaredFor(elder: number): boolean;
  /** Who lives in an institution, in the order of the numbers, as many as a few lunches need. */
  living: readonly number[];
}

/** Looks the first `elders` of the city up. */
export async function residentsOf(
  manager: EntityManager,
  { elders, day }: { elders: number; day: Day },
): Promise<CityResidents> {
  const cards = await residentCards(manager, day);
  const cared = new Set<number>();
  const residents: number[] = [];
  for (let elder = 0; elder < elders && cared.size < cards.size; elder += 1) {
    if (cards.has(demoElder(elder).cardUid)) cared.add(elder);
  }
  for (const elder of cared) if (residents.length < residentsKept) residents.push(elder);
  const uids = new Set(residents.map((elder) => demoElder(elder).cardUid));
  const living = await livingIn(manager, uids, day);
  return {
    isCaredFor: (elder) => cared.has(elder),
    living: residents.filter((elder) => living.has(demoElder(elder).cardUid)),
  };
}

const residentsKept = 500;

/** Of these cards those whose elders live in an institution on the day. */
async function livingIn(
  manager: EntityManager,
  cardUids: ReadonlySet<string>,
  day: Day,
): Promise<Set<string>> {
  const found = new Set<string>();
  const uids = [...cardUids];
  for (let start = 0; start < uids.length; start += 500) {
    const part = uids.slice(start, start + 500);
    const rows: { uid: string; elderId: number }[] = await manager.query(
      `SELECT uid, elderId FROM meal_card WHERE uid IN (${part.map(() => '?').join(', ')})`,
      part,
    );
    const elderIds = rows.map(({ elderId }) => elderId);
    const living = await staysInInstitutions.on(manager, elderIds, [day]);
    for (const { uid, elderId } of rows) if (living.has(stayKey(elderId, day))) found.add(uid);
  }
  return found;
}

/**
 * Whoever lives in a home on the day may eat at a canteen, and pays for all of it. Who came only after lunch was
 * subsidised, and the lunch is to be looked at.
 */
export async function reconcileResidents(
  manager: EntityManager,
  day: Day,
  receipts: readonly { subsidyFen: number }[],
): Promise<Reconciled[]> {
  const rows: { elderId: number }[] = await manager.query(
    `SELECT DISTINCT swipe.elderId FROM swipe JOIN bed_stay stay ON stay.elderId = swipe.elderId
      WHERE swipe.mealDate = ? AND swipe.subsidyFen > 0 AND stay.fromDay <= ?
        AND (stay.toDay IS NULL OR stay.toDay > ?)
        AND (stay.enteredAt <= swipe.receivedAt
             OR NOT EXISTS (SELECT 1 FROM swipe_review review
                  WHERE review.swipeRowId = swipe.id AND review.reason = 'STAY_ENTERED_LATE'))`,
    [day, day, day],
  );
  const living = await staysInInstitutions.on(
    manager,
    rows.map(({ elderId }) => elderId),
    [day],
  );
  const subsidised = receipts.filter(({ subsidyFen }) => subsidyFen > 0).length;
  return [
    {
      what: 'no resident of a home got a canteen subsidy, and who came after lunch is looked at',
      faults: [
        ...[...living].map((key) => `elder ${key}`),
        ...(subsidised > 0 ? [`${subsidised} receipts of residents`] : []),
      ],
    },
  ];
}

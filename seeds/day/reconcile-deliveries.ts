import type { EntityManager } from 'typeorm';
import { noSequence } from '../../src/meals/swipe.rules.js';
import { placeholders } from '../../src/shared/statements.js';
import { demoElder } from '../elders/demo-elder.js';
import type { DeliveryCalls } from './delivery-calls.js';
import type { DeliveryPeople } from './delivery-people.js';
import type { PlayedDelivery } from './demo-deliveries.js';
import type { Receipt } from './demo-reader.js';
import { differences, ledgerTotals, type Reconciled, totalsOf } from './reconcile.js';

export interface DeliveriesToReconcile {
  played: readonly PlayedDelivery[];
  canteenId: string;
  calls: DeliveryCalls;
  people: DeliveryPeople;
  day: string;
}

/** Gives each delivery that was charged the receipt of its meal, as the canteen's manager is shown it. */
export async function readReceipts({ played, calls, people }: DeliveriesToReconcile): Promise<Receipt[]> {
  for (const delivery of played) {
    if (delivery.swipeId === null) continue;
    const answer = await calls.receiptOf(people.canteen, delivery.swipeId);
    delivery.receipt = answer?.outcome === 'ACCEPTED' ? answer.receipt : null;
  }
  return played.flatMap(({ receipt }) => receipt ?? []);
}

/** Compares what the courier did with the canteen's list, with what elders paid and with the ledger. */
export async function reconcileDeliveries(
  game: DeliveriesToReconcile,
  manager: EntityManager,
): Promise<Reconciled[]> {
  const { played, day } = game;
  const paid = await paidFen(game);
  const charged = played.filter(({ said }) => said === 'HANDED_OVER');
  const uncharged = played.filter(({ said }) => said !== 'HANDED_OVER');
  const receipts = played.flatMap(({ receipt }) => receipt ?? []);
  return [
    {
      what: 'each delivery ended as it was to',
      faults: played.flatMap(({ id, faults }) => faults.map((fault) => `${id} ${fault}`)),
    },
    { what: "the canteen's list = what the courier did", faults: await listFaults(game) },
    { what: 'delivered = charged', faults: charged.flatMap((delivery) => chargeFaults(delivery, paid)) },
    {
      what: 'brought back or called off = not charged',
      faults: [
        ...uncharged.flatMap((delivery) => freeFaults(delivery, paid)),
        ...(await strayMeals(manager, uncharged, day)),
      ],
    },
    {
      what: "the ledger's deliveries = their receipts",
      faults: differences(await ledgerTotals(manager, day, `s.sequence = ${noSequence}`), totalsOf(receipts)),
    },
  ];
}

/** What each elder's balance fell by since before the order. */
async function paidFen({ played, calls, people }: DeliveriesToReconcile): Promise<Map<string, number>> {
  const paid = new Map<string, number>();
  for (const { id, elder, balanceFen } of played) {
    const found = await calls.elderByCard(people.manager, demoElder(elder).cardUid);
    paid.set(id, balanceFen - (found?.card?.balanceFen ?? 0));
  }
  return paid;
}

async function listFaults({
  played,
  calls,
  people,
  canteenId,
  day,
}: DeliveriesToReconcile): Promise<string[]> {
  const listed = await calls.listed(people.canteen, canteenId, day);
  const byId = new Map(listed.map((each) => [each.id, each]));
  const ours = new Set(played.map(({ id }) => id));
  const strangers = listed.filter(({ id, state }) => !ours.has(id) && state === 'HANDED_OVER');
  return [
    ...played
      .filter(({ id, said, swipeId }) => byId.get(id)?.state !== said || byId.get(id)?.swipeId !== swipeId)
      .map(({ id, said }) => `${id} ${byId.get(id)?.state ?? 'missing'} against ${said}`),
    ...strangers.map(({ id }) => `${id} was handed over by nobody`),
  ];
}

function chargeFaults(
  { id, grossFen, receipt }: PlayedDelivery,
  paid: ReadonlyMap<string, number>,
): string[] {
  if (!receipt) return [`${id} was handed over and not charged`];
  const fen = paid.get(id);
  return [
    ...(receipt.grossFen === grossFen ? [] : [`${id} cost ${receipt.grossFen} against ${grossFen}`]),
    ...(fen === receipt.selfPaidFen ? [] : [`${id} took ${fen} fen against ${receipt.selfPaidFen}`]),
  ];
}

function freeFaults({ id, swipeId }: PlayedDelivery, paid: ReadonlyMap<string, number>): string[] {
  const fen = paid.get(id);
  return [
    ...(swipeId === null ? [] : [`${id} has a swipe`]),
    ...(fen === 0 ? [] : [`${id} took ${fen} fen`]),
  ];
}

/** Meals of that day of elders to whom none was brought; those of them who were to have one eat nowhere else. */
async function strayMeals(
  manager: EntityManager,
  uncharged: readonly PlayedDelivery[],
  day: string,
): Promise<string[]> {
  if (uncharged.length === 0) return [];
  const elderIds = uncharged.map(({ elderId }) => Number(elderId));
  const rows: { elderId: number }[] = await manager.query(
    `SELECT s.elderId FROM swipe s JOIN ledger_posting p ON p.sourceId = s.id AND p.kind = 'SWIPE'
      WHERE s.elderId IN (${placeholders(elderIds)}) AND s.mealDate = ?`,
    [...elderIds, day],
  );
  return rows.map(({ elderId }) => `elder ${elderId} was charged for a meal`);
}

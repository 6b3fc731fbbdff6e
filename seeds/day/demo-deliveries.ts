import { randomUUID } from 'node:crypto';
import { demoElder } from '../elders/demo-elder.js';
import type { DeliveryCalls, Told } from './delivery-calls.js';
import type { DeliveryPeople } from './delivery-people.js';
import { type DeliveryStory, minuteAtDoor, reasonOf, storyEnds, storyOf } from './delivery-plan.js';
import type { Receipt } from './demo-reader.js';

/** A meal that was ordered, and what became of it. */
export interface PlayedDelivery {
  story: DeliveryStory;
  orderedBy: 'MANAGER' | 'RELATIVE';
  /** Which elder of the demo city. */
  elder: number;
  elderId: string;
  id: string;
  /** The four digits that the elder says. */
  code: string;
  grossFen: number;
  /** Of the elder, before anything was ordered. */
  balanceFen: number;
  /** The state in which it ended, or why it did not. */
  said: string;
  swipeId: string | null;
  receipt: Receipt | null;
  /** What went otherwise than the story has it. */
  faults: string[];
}

export interface DeliveryGame {
  calls: DeliveryCalls;
  people: DeliveryPeople;
  canteenId: string;
  day: string;
  /** Who may have meals brought, by the numbers of the demo city; more than are wanted, for some have no money. */
  candidates: readonly number[];
  wanted: number;
}

/** One lunch's deliveries of a canteen: ordered the evening before, given to a courier, and brought during the rush. */
export class DemoDeliveries {
  readonly played: PlayedDelivery[] = [];
  /** What the relative was answered for its own elder, who is young and well: no rule lets a meal be brought. */
  familySaid = '';
  private readonly byMinute = new Map<number, PlayedDelivery[]>();

  constructor(readonly game: DeliveryGame) {}

  /** Before the cutoff. What an interrupted lunch of the same day left is called off or comes back first. */
  async order(): Promise<void> {
    const { calls, people, candidates, wanted } = this.game;
    await this.clear();
    for (const elder of candidates) {
      if (this.played.length === wanted) break;
      const ordered = await this.orderFor(elder, storyOf(this.played.length));
      if (ordered) this.played.push(ordered);
    }
    await this.orderByFamily();
    for (const delivery of this.played.filter(({ story }) => story === 'CALLED_OFF')) {
      this.end(delivery, await calls.cancel(people.manager, delivery.id));
    }
    const { id: courierId } = await calls.viewer(people.courier);
    const ids = this.onTheWay().map(({ id }) => id);
    if (ids.length === 0) return;
    const { refused, message } = await calls.assign(people.canteen, ids, courierId);
    if (refused) throw new Error(`The canteen's courier was not given its meals: ${refused} ${message}`);
  }

  /** The courier leaves with everything, in the order of the run. */
  async start(): Promise<void> {
    const { calls, people } = this.game;
    const ways = new Map(this.onTheWay().map((delivery) => [delivery.id, delivery]));
    if (ways.size === 0) return;
    const { refused, message } = await calls.start(people.courier, [...ways.keys()]);
    if (refused) throw new Error(`The courier could not leave: ${refused} ${message}`);
    const run = (await calls.run(people.courier)).flatMap((id) => ways.get(id) ?? []);
    if (run.length < ways.size) throw new Error(`The courier's run has ${run.length} of ${ways.size} meals.`);
    for (const [place, delivery] of run.entries()) {
      const minute = minuteAtDoor(place, run.length);
      this.byMinute.set(minute, [...(this.byMinute.get(minute) ?? []), delivery]);
    }
  }

  /** What the courier does at this minute. */
  async atMinute(minute: number): Promise<void> {
    for (const delivery of this.byMinute.get(minute) ?? []) await this.bring(delivery);
  }

  private onTheWay(): PlayedDelivery[] {
    return this.played.filter(({ story }) => story !== 'CALLED_OFF');
  }

  private async clear(): Promise<void> {
    const { calls, people, canteenId, day } = this.game;
    for (const { id, state } of await calls.listed(people.canteen, canteenId, day)) {
      if (state === 'ORDERED' || state === 'ASSIGNED') await calls.cancel(people.canteen, id);
      const why = { reason: 'OTHER', text: '演示中断' } as const;
      if (state === 'OUT') await calls.bringBack(people.canteen, randomUUID(), id, why);
    }
  }

  /** Undefined for who cannot pay for a meal or is no longer there, as after days of lunches. */
  private async orderFor(elder: number, story: DeliveryStory): Promise<PlayedDelivery | undefined> {
    const { calls, people, canteenId, day } = this.game;
    const found = await calls.elderByCard(people.manager, demoElder(elder).cardUid);
    const balanceFen = found?.card?.balanceFen ?? 0;
    if (found?.status !== 'ACTIVE' || found.card?.status !== 'ACTIVE' || balanceFen < 1200) {
      return undefined;
    }
    const { id: elderId } = found;
    const wanted = { requestId: randomUUID(), elderId, canteenId, meal: 'LUNCH', days: [day] };
    // The first is ordered by the relative, whom the elder lets in for as long as that takes.
    const orderedBy = this.played.length === 0 ? 'RELATIVE' : 'MANAGER';
    const { nodes, refused, message } =
      orderedBy === 'RELATIVE'
        ? await this.asRelative(elderId, (token) => calls.order(token, wanted))
        : await calls.order(people.manager, wanted);
    const [order] = nodes ?? [];
    if (!order) throw new Error(`No meal could be ordered for elder ${elderId}: ${refused} ${message}`);
    const { id, code, grossFen } = order;
    const begun = { said: 'ORDERED', swipeId: null, receipt: null, faults: [] };
    return { story, orderedBy, elder, elderId, id, code, grossFen, balanceFen, ...begun };
  }

  private async asRelative<Result>(
    elderId: string,
    work: (token: string) => Promise<Result>,
  ): Promise<Result> {
    const { calls, people, day } = this.game;
    const until = `${Number(day.slice(0, 4)) + 2}-01-01T00:00:00+08:00`;
    const grantId = await calls.letIn(people.manager, { elderId, phone: people.familyPhone, until });
    try {
      return await work(people.family);
    } finally {
      await calls.withdraw(people.manager, grantId);
    }
  }

  private async orderByFamily(): Promise<void> {
    const { calls, people, canteenId, day } = this.game;
    const { grants } = await calls.viewer(people.family);
    const elderId = grants.find(({ elder }) => elder)?.elder?.id ?? '';
    const wanted = { requestId: randomUUID(), elderId, canteenId, meal: 'LUNCH', days: [day] };
    const { nodes, refused } = await calls.order(people.family, wanted);
    this.familySaid = refused ?? 'ORDERED';
    for (const { id } of nodes ?? []) await calls.cancel(people.family, id);
  }

  private async bring(delivery: PlayedDelivery): Promise<void> {
    const { calls, people, day } = this.game;
    const { id, story, code, elder } = delivery;
    const { courier } = people;
    const requestId = randomUUID();
    if (story === 'CAME_BACK') {
      const why = reasonOf(this.played.indexOf(delivery));
      return this.end(delivery, await calls.bringBack(courier, requestId, id, why));
    }
    if (story === 'WRONG_CODE_FIRST') {
      const other = code === '0000' ? '0001' : '0000';
      const { refused, state } = await calls.handOver(courier, randomUUID(), id, { code: other });
      if (refused !== 'CODE_WRONG') delivery.faults.push(`a wrong code was answered ${refused ?? state}`);
    }
    const proof = story === 'BY_PHOTO' ? { photoReference: `${day}/door-${elder}-${id}.jpg` } : { code };
    const told = await calls.handOver(courier, requestId, id, proof);
    this.end(delivery, told);
    if (story !== 'BY_PHOTO') return;
    const again = await calls.handOver(courier, requestId, id, proof);
    if (again.state !== told.state || again.swipeId !== told.swipeId)
      delivery.faults.push('sent again, it was answered otherwise');
  }

  private end(delivery: PlayedDelivery, { state, swipeId, refused, message }: Told): void {
    delivery.said = refused ?? state;
    delivery.swipeId = swipeId ?? null;
    const wanted = storyEnds[delivery.story];
    if (delivery.said !== wanted) {
      delivery.faults.push(`${delivery.said} where ${wanted} was to come${message ? `: ${message}` : ''}`);
    }
  }
}

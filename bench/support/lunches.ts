import { randomUUID } from 'node:crypto';
import type { DemoCredentials } from '../../seeds/demo-credentials.js';
import { demoElder } from '../../seeds/elders/demo-elder.js';
import { addDays, dayOf, instantOn } from '../../src/shared/china-time.js';
import { systemClock } from '../../src/shared/clock.js';
import type { Shot } from './load.js';

/** A tap as its reader sends it. */
export interface Lunch {
  swipeId: string;
  sequence: number;
  cardUid: string;
  swipedAt: string;
  grossFen: number;
  offline: true;
}

/** An offline swipe may be seven days old, and today's noon may not have come yet. */
const daysMax = 6;

/** What each costs; 3 yuan of it is the subsidy of the demo city, which all its elders get. */
export const grossFen = 400;

/** What a reader shows and prints. */
const answer =
  'swipeId outcome replayed message receipt { serial elderName meal grossFen subsidyFen selfPaidFen balanceFen }';
const noopQuery = JSON.stringify({ query: 'query Noop { viewer { id } }' });
const swipeQuery = `mutation Swipe($input: SwipeInput!) { recordSwipe(input: $input) { ${answer} } }`;
const batchQuery = `mutation Swipes($inputs: [SwipeInput!]!) { recordSwipes(inputs: $inputs) { ${answer} } }`;

/** The beginnings of the bodies, written once: what the generator does not spend, the server can have. */
const swipeStart = `{"query":${JSON.stringify(swipeQuery)},"variables":{"input":`;
const batchStart = `{"query":${JSON.stringify(batchQuery)},"variables":{"inputs":`;

/** Lunches of the past days, each elder once a day, all of them to be accepted; and the requests that bring them. */
export class Lunches {
  private count = 0;
  private readonly uids: string[];
  private readonly noons: string[];

  constructor(
    private readonly credentials: Pick<DemoCredentials, 'readers'>,
    elders: number,
  ) {
    const today = dayOf(systemClock.now());
    this.uids = Array.from({ length: elders }, (_, index) => demoElder(index).cardUid);
    this.noons = Array.from({ length: daysMax }, (_, index) =>
      instantOn(addDays(today, -1 - index), 12 * 60).toISOString(),
    );
  }

  /** How many elders so many lunches need. */
  static eldersFor(lunches: number): number {
    return Math.ceil(lunches / daysMax);
  }

  get left(): number {
    return this.uids.length * this.noons.length - this.count;
  }

  next(): Lunch {
    const index = this.count++;
    const swipedAt = this.noons[Math.floor(index / this.uids.length)];
    const cardUid = this.uids[index % this.uids.length];
    if (!swipedAt || !cardUid)
      throw new Error(`the ${index} lunches of this workload are used up: ask for fewer seconds`);
    return { swipeId: randomUUID(), sequence: index, cardUid, swipedAt, grossFen, offline: true };
  }

  noop(): Shot {
    return { body: noopQuery, token: this.token(), units: 1, done: (text) => countOf(text, '"id":') };
  }

  swipe(): Shot {
    const token = this.token();
    return { body: `${swipeStart}${JSON.stringify(this.next())}}}`, token, units: 1, done: accepted };
  }

  batch(size: number): Shot {
    const token = this.token();
    const inputs = Array.from({ length: size }, () => this.next());
    return { body: `${batchStart}${JSON.stringify(inputs)}}}`, token, units: size, done: accepted };
  }

  /** The readers take turns, so that none of them reaches its limit. */
  private token(): string {
    const { readers } = this.credentials;
    this.turn = (this.turn + 1) % readers.length;
    return readers[this.turn]?.token ?? '';
  }

  private turn = 0;
}

/** Requests made before a clock runs, and more when they run out: what the generator spends, the server lacks. */
export class Magazine {
  private readonly shots: Shot[] = [];

  constructor(private readonly make: () => Shot) {}

  fill(count: number): void {
    while (this.shots.length < count) this.shots.push(this.make());
  }

  readonly next = (): Shot => this.shots.pop() ?? this.make();
}

function accepted(text: string): number {
  return countOf(text, '"outcome":"ACCEPTED"');
}

function countOf(text: string, part: string): number {
  return text.split(part).length - 1;
}

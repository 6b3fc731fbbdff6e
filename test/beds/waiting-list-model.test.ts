import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ElderCategory } from '../../entities/elders/elder-category-membership.entity.js';
import { dayOf } from '../../src/shared/china-time.js';
import { expectAuditClean } from '../support/audited.js';
import { addBeds, addHome, outcomeOf } from '../support/beds.js';
import { patienceOf, runsOf } from '../support/long-runs.js';
import { engine, openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { buildTown, type Town } from '../support/town.js';
import { addApplicant, after, lineAt, tryAccept, tryDecline, tryJoin, tryOffer } from '../support/waiting.js';

/** Who may wait: the class that the rules give, and whom of the rooms they suit. */
const people: readonly { categories: ElderCategory[]; rank: number; gender: 'FEMALE' | 'MALE' }[] = [
  { categories: ['DESTITUTE'], rank: 0, gender: 'MALE' },
  { categories: ['MINIMUM_LIVING'], rank: 1, gender: 'FEMALE' },
  { categories: [], rank: 4, gender: 'FEMALE' },
  { categories: [], rank: 4, gender: 'MALE' },
  { categories: [], rank: 4, gender: 'FEMALE' },
];
const rooms = ['ANY', 'FEMALE'] as const;
const offerHours = 72;

type Command =
  | { does: 'join'; who: number }
  | { does: 'offer'; bed: number }
  | { does: 'accept' | 'decline'; offer: number }
  | { does: 'wait'; hours: number };

interface ModelOffer {
  who: number;
  bed: number;
  expires: number;
  answer: 'accepted' | 'declined' | null;
}

/** The written rule, as simply as it can be said: lists that are sorted and looked through. */
class Model {
  hour = 0;
  readonly joined = new Map<number, number>();
  readonly offers: ModelOffer[] = [];
  private readonly refusals = new Map<number, number>();
  private count = 0;

  line(): number[] {
    const key = (who: number) => [people[who]?.rank ?? 9, this.joined.get(who) ?? 0] as const;
    return [...this.joined.keys()].sort((a, b) => key(a)[0] - key(b)[0] || key(a)[1] - key(b)[1]);
  }

  join(who: number): string {
    if ((this.refusals.get(who) ?? 0) >= 2 || this.joined.has(who)) return 'WRONG_STATE';
    if (this.offers.some((offer) => offer.who === who && offer.answer === 'accepted')) return 'ELDER_HAS_BED';
    this.count += 1;
    this.joined.set(who, this.count);
    return 'done';
  }

  private isLive = ({ answer, expires }: ModelOffer) => answer === null && expires > this.hour;

  offer(bed: number): string {
    const isTaken = this.offers.some(
      (offer) => offer.bed === bed && (offer.answer === 'accepted' || this.isLive(offer)),
    );
    if (isTaken) return 'BED_NOT_FREE';
    const next = this.line().find(
      (who) =>
        (rooms[bed] === 'ANY' || people[who]?.gender === 'FEMALE') &&
        !this.offers.some((offer) => offer.who === who && (this.isLive(offer) || offer.bed === bed)),
    );
    if (next === undefined) return 'WRONG_STATE';
    this.offers.push({ who: next, bed, expires: this.hour + offerHours, answer: null });
    return 'done';
  }

  answer(back: number, answer: 'accepted' | 'declined'): string {
    const offer = this.offers.at(-1 - back);
    if (!offer) return 'STAY_UNKNOWN';
    if (offer.answer !== null) return 'WRONG_STATE';
    if (!this.isLive(offer)) return 'HOLD_EXPIRED';
    offer.answer = answer;
    if (answer === 'accepted') this.joined.delete(offer.who);
    else {
      const count = (this.refusals.get(offer.who) ?? 0) + 1;
      this.refusals.set(offer.who, count);
      if (count >= 2) this.joined.delete(offer.who);
    }
    return 'done';
  }
}

/** Each sequence has a home and people of its own. A night may be given to many more. */
const runs = runsOf(engine === 'mysql' ? 30 : 80);

let open: TestDatabase;
let town: Town;
beforeAll(async () => {
  open = await openTestDatabase();
  town = await buildTown(open.database);
});
afterAll(async () => {
  await expectAuditClean(open.database);
  await open.drop();
});

const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ does: fc.constant('join' as const), who: fc.nat(people.length - 1) }) },
  { weight: 5, arbitrary: fc.record({ does: fc.constant('offer' as const), bed: fc.nat(rooms.length - 1) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      does: fc.constantFrom('accept' as const, 'decline' as const, 'decline' as const),
      // Counted from the latest.
      offer: fc.constantFrom(0, 0, 0, 1),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ does: fc.constant('wait' as const), hours: fc.constantFrom(1, 71, 72) }),
  },
);

it(`${runs} random sequences end as the written rule says, step by step`, {
  timeout: patienceOf(300_000),
}, async () => {
  const seen = new Map<string, number>();
  const play = async (commands: readonly Command[]) => {
    const home = await addHome(town);
    const beds = await addBeds(
      town,
      home,
      rooms.map((gender) => ({ gender })),
    );
    const elders: number[] = [];
    for (const person of people) elders.push(await addApplicant(town, person));
    const model = new Model();
    const offerIds: number[] = [];
    for (const step of commands) {
      if (step.does === 'wait') {
        model.hour += step.hours;
        continue;
      }
      const expected = modelled(model, step);
      const result = await played(step, { home, beds, elders, offerIds, hour: model.hour });
      expect(outcomeOf(result), JSON.stringify(step)).toBe(expected);
      if (step.does === 'offer' && 'offer' in result) {
        offerIds.push(result.offer?.id ?? 0);
        expect(result.elderId).toBe(elders[model.offers.at(-1)?.who ?? -1]);
      }
      seen.set(`${step.does} ${expected}`, (seen.get(`${step.does} ${expected}`) ?? 0) + 1);
      const line = await lineAt(town, home, after(model.hour));
      expect(line).toEqual(model.line().map((who) => elders[who]));
    }
  };
  await fc.assert(fc.asyncProperty(fc.array(command, { minLength: 8, maxLength: 24, size: 'max' }), play), {
    numRuns: runs,
  });
  console.log(Object.fromEntries([...seen].sort()));
  for (const each of [
    'accept done',
    'decline done',
    'offer WRONG_STATE',
    'join WRONG_STATE',
    'accept HOLD_EXPIRED',
  ])
    expect(seen.get(each) ?? 0, each).toBeGreaterThan(0);
});

function modelled(model: Model, step: Exclude<Command, { does: 'wait' }>): string {
  if (step.does === 'join') return model.join(step.who);
  if (step.does === 'offer') return model.offer(step.bed);
  return model.answer(step.offer, step.does === 'accept' ? 'accepted' : 'declined');
}

interface Played {
  home: number;
  beds: number[];
  elders: number[];
  offerIds: number[];
  hour: number;
}

function played(step: Exclude<Command, { does: 'wait' }>, { home, beds, elders, offerIds, hour }: Played) {
  const now = after(hour);
  if (step.does === 'join') return tryJoin(town, { elderId: elders[step.who] ?? 0, facilityId: home, now });
  if (step.does === 'offer') return tryOffer(town, { bedId: beds[step.bed] ?? 0, now });
  const offerId = offerIds.at(-1 - step.offer) ?? 0;
  if (step.does === 'accept') return tryAccept(town, offerId, { now, from: dayOf(now) });
  return tryDecline(town, offerId, now);
}

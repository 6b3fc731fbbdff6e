import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { elderCategories } from '../../entities/elders/elder-category-membership.entity.js';
import { meals } from '../../entities/meals/meal-window.entity.js';
import { diningModes, menuKinds } from '../../entities/meals/swipe.entity.js';
import { decideOffline } from '../../src/meals/reader-lists/decide-offline.rules.js';
import { changesOf } from '../../src/meals/reader-lists/list-changes.rules.js';
import { type ListedCard, type ListFacts, ListItems } from '../../src/meals/reader-lists/list-items.rules.js';
import type { PastMeal } from '../../src/meals/rules/rule-caps.rules.js';
import type { RuleDocument } from '../../src/meals/rules/rule-language.rules.js';
import { needsOf, together } from '../../src/meals/rules/rule-needs.rules.js';
import { type CanteenTerms, decideSwipe, type SwipeCommand } from '../../src/meals/swipe.rules.js';
import { addDays, dayOf, instantOn } from '../../src/shared/china-time.js';
import { anyShares, divisions, funders } from '../support/any-shares.js';
import { ReaderStore } from '../support/reader-store.js';
import { cityRules, ruleFileOf, termsOf } from '../support/rule-cases.js';

const salt = '000102030405060708090a0b0c0d0e0f';
const uid = '04A1B2C3D4';
const windows = [
  { meal: 'BREAKFAST' as const, fromMinute: 390, toMinute: 510 },
  { meal: 'LUNCH' as const, fromMinute: 630, toMinute: 810 },
  { meal: 'DINNER' as const, fromMinute: 990, toMinute: 1110 },
];

type TermsOn = (division: string, day: string) => CanteenTerms['subsidy'];

/** Mostly null, because whoever is out of some reason is given nothing, and that soon agrees. */
const seldom = (from: number) =>
  fc.oneof(
    { weight: 9, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.integer({ min: from, max: 3 }) },
  );

const anyFacts = fc.record({
  born: fc.integer({ min: 0, max: 20_000 }).map((days) => addDays('1930-01-01', days)),
  categories: fc.subarray([...elderCategories], { maxLength: 3 }),
  abilityLevel: fc.option(fc.integer({ min: 0, max: 4 })),
  abilityExpiresIn: fc.option(fc.integer({ min: -1, max: 3 })),
  expiresIn: seldom(-1),
  endsIn: seldom(-1),
  stoppedAt: fc.oneof(
    { weight: 9, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.constant(new Date(0)) },
  ),
  livesInFrom: seldom(0),
  balanceFen: fc.oneof(fc.integer({ min: 0, max: 3000 }), fc.integer({ min: 3000, max: 10_000_000 })),
  past: fc.array(
    fc.record({
      ago: fc.integer({ min: 0, max: 33 }),
      meal: fc.constantFrom(...meals),
      fen: fc.integer({ min: 1, max: 900 }),
      rule: fc.nat(),
    }),
    { maxLength: 8 },
  ),
});
const anyTap = fc.record({
  dayAhead: fc.integer({ min: 0, max: 2 }),
  minute: fc.oneof(fc.integer({ min: 380, max: 1120 }), fc.constantFrom(390, 509, 630, 720, 809, 990)),
  grossFen: fc.oneof(fc.integer({ min: -1, max: 3100 }), fc.constantFrom(800, 1200, 1500, 2000)),
  mode: fc.constantFrom(...diningModes),
  menu: fc.constantFrom(...menuKinds),
});
type Facts = typeof anyFacts extends fc.Arbitrary<infer Value> ? Value : never;
type Tap = typeof anyTap extends fc.Arbitrary<infer Value> ? Value : never;

function factsOf(
  termsOn: TermsOn,
  today: string,
  places: { home: string | null; canteen: string },
  given: Facts,
) {
  const on = (ahead: number | null) => (ahead === null ? null : addDays(today, ahead));
  const days = [0, 1, 2].map((ahead) => {
    const day = addDays(today, ahead);
    const subsidy = termsOn(places.canteen, day);
    const canteen: CanteenTerms = {
      canteenId: 1,
      openedOn: '2000-01-01',
      closedOn: null,
      priceFenMax: 3000,
      windows,
      subsidy,
      needs: together(subsidy.sets.map(({ document }) => needsOf(document))),
      versions: new Map(),
      receivableAccountId: 1,
      discountAccountId: 2,
    };
    return { day, canteen };
  });
  const card: ListedCard = {
    uid,
    cardId: 1,
    stoppedAt: given.stoppedAt,
    expiresOn: on(given.expiresIn),
    elderId: 1,
    elderEndedOn: on(given.endsIn),
    balanceFen: given.balanceFen,
    birthDate: given.born,
    categories: given.categories,
    abilityLevel: given.abilityLevel,
    abilityExpiresOn: on(given.abilityExpiresIn),
    residence: places.home,
  };
  const owners = days.flatMap(({ canteen }) => canteen.subsidy.sets).flatMap(ownersOf);
  const past = given.past.map(({ ago, meal, fen, rule }): PastMeal => {
    const owner = owners[rule % Math.max(1, owners.length)];
    return { day: addDays(today, -ago), meal, uses: owner && ago % 3 ? [{ ...owner, fen }] : [] };
  });
  const livesInInstitution = (_: number, day: string) =>
    given.livesInFrom !== null && day >= addDays(today, given.livesInFrom);
  const facts: ListFacts = {
    salt,
    days: days as unknown as ListFacts['days'],
    cards: [card],
    mealsOf: () => past,
    livesInInstitution,
  };
  return facts;
}

function ownersOf({ code, document }: { code: string; document: RuleDocument }) {
  return document.groups.flatMap((group) =>
    group.rules.map((rule) => ({ setCode: code, groupCode: group.code, ruleCode: rule.code })),
  );
}

function commandOf(today: string, { dayAhead, minute, grossFen, mode, menu }: Tap): SwipeCommand {
  const swipedAt = instantOn(addDays(today, dayAhead), minute);
  return { swipeId: '', sequence: 0, cardUid: uid, swipedAt, grossFen, mode, menu, offline: false };
}

/** What previewSwipe would say at the instant of the tap. */
function online(facts: ListFacts, command: SwipeCommand) {
  const card = facts.cards[0] as ListedCard;
  const day = dayOf(command.swipedAt);
  const decision = decideSwipe({
    command,
    now: command.swipedAt,
    limits: { liveSwipeAgeMinutesMax: 10, offlineSwipeAgeDaysMax: 7, clockSkewSecondsMax: 60 },
    readerActive: true,
    canteen: facts.days.find((each) => each.day === day)?.canteen,
    card: { ...card, elderName: '', accountId: 1 },
    isMealTaken: (mealDay, meal) =>
      facts.mealsOf(1).some((each) => each.day === mealDay && each.meal === meal),
    livesInInstitution: (mealDay) => facts.livesInInstitution(1, mealDay),
    pastMeals: () => facts.mealsOf(1),
  });
  return shown(
    'split' in decision ? { answer: decision.outcome, ...decision } : { answer: decision.outcome },
  );
}

function offline(facts: ListFacts, command: SwipeCommand) {
  const store = new ReaderStore();
  const list = new ListItems(facts);
  list.add(facts.cards);
  const items = [...list.contents()].map(([itemKey, content]) => ({ itemKey, content }));
  store.change(changesOf(items));
  store.salt = salt;
  store.validUntil = instantOn(facts.days[0].day, 3 * 1440);
  return shown(decideOffline({ store, tap: command, own: [] }));
}

interface Shown {
  answer: string;
  meal?: string;
  split?: { subsidyFen: number; discountFen: number; selfPaidFen: number; uses: readonly object[] };
}

function shown({ answer, meal, split }: Shown) {
  // A card that is blocked stays so; why is told as it was when the list was made.
  if (answer === 'ELDER_NOT_ACTIVE') return { answer: 'CARD_NOT_ACTIVE' };
  if (!split) return { answer };
  const { subsidyFen, discountFen, selfPaidFen } = split;
  const uses = (split.uses as { setCode: string; groupCode: string; ruleCode: string; fen: number }[]).map(
    ({ setCode, groupCode, ruleCode, fen }) => ({ setCode, groupCode, ruleCode, fen }),
  );
  return { answer, meal, subsidyFen, discountFen, selfPaidFen, uses };
}

const cities: [string, string, readonly string[]][] = [
  ['beijing', '2022-10-01', ['110105001001', '110106001001']],
  ['tianjin', '2022-06-30', ['120101001001', '120102001001']],
  ['nanjing-jianye', '2023-05-01', ['320105001001', '320106001001']],
  ['shanghai-putuo', '2025-05-20', ['310107005001', '310106005001']],
  ['guangzhou-zengcheng', '2020-06-01', ['440118001001', '440118101001', '440106001001']],
  ['changsha', '2020-08-31', ['430111001001', '430105001001']],
  ['nanning', '2019-12-31', ['450103001001', '450102001001']],
];

describe('offline as online, whoever taps at whatever price', () => {
  it.each(cities)('%s', (city, today, places) => {
    const file = cityRules(city);
    agrees((division, day) => termsOf(file, division, day), today, places);
  });

  it.each(['cities-harbour', 'cities-hills'])('%s', (name) => {
    const file = ruleFileOf(readFileSync(`test/support/${name}.json`, 'utf8'));
    const places = file.ruleSets.map(({ division }) => `${division}001001`.slice(0, 12));
    const today = file.ruleSets[0]?.versions.at(-1)?.fromDay ?? '';
    agrees((division, day) => termsOf(file, division, day), today, places);
  });
});

function agrees(termsOn: TermsOn, today: string, places: readonly string[]): void {
  let accepted = 0;
  const home = fc.option(fc.constantFrom(...places));
  fc.assert(
    fc.property(anyFacts, anyTap, home, fc.constantFrom(...places), (given, tap, residence, canteen) => {
      const facts = factsOf(termsOn, today, { home: residence, canteen }, given);
      const command = commandOf(today, tap);
      const said = online(facts, command);
      expect(offline(facts, command)).toEqual(said);
      if ('subsidyFen' in said && (said.subsidyFen ?? 0) + (said.discountFen ?? 0) > 0) accepted += 1;
    }),
    { numRuns: 300 },
  );
  // Were nobody given anything, the two would agree about nothing.
  expect(accepted).toBeGreaterThan(0);
}

it('shares of any kind are borne offline as online', () => {
  fc.assert(
    fc.property(
      anyShares,
      fc.option(fc.constantFrom(...divisions)),
      fc.constantFrom(...divisions),
      fc.integer({ min: 1, max: 3000 }),
      (borneBy, residence, canteen, grossFen) => {
        const name = { zh: 'x', en: 'x' };
        const rule = {
          code: 'R',
          name,
          gives: { kind: 'PERCENT_OFF', percent: 33.33, of: 'PRICE', rounding: 'HALF_UP', toFen: 1 } as const,
          borneBy,
        };
        const document: RuleDocument = {
          format: 1,
          name,
          alongside: 'ADD',
          groups: [{ code: 'G', name, pick: 'ALL', rules: [rule] }],
        };
        const sets = [{ ruleSetId: 1, code: 'S', version: 1, scopeDivision: '11', document }];
        const facts = factsOf(
          () => ({ sets, funders, division: canteen }),
          '2026-03-10',
          { home: residence, canteen },
          plain,
        );
        const command = commandOf('2026-03-10', {
          dayAhead: 0,
          minute: 720,
          grossFen,
          mode: 'DINE_IN',
          menu: 'SET_MEAL',
        });
        expect(offline(facts, command)).toEqual(online(facts, command));
      },
    ),
  );
});

const plain: Facts = {
  born: '1940-01-01',
  categories: [],
  abilityLevel: null,
  abilityExpiresIn: null,
  expiresIn: null,
  endsIn: null,
  stoppedAt: null,
  livesInFrom: null,
  balanceFen: 100_000,
  past: [],
};

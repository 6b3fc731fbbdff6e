import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { admissionTerms } from '../../src/beds/admission-terms.js';
import { admissionRulesAt } from '../../src/beds/list-admission-rules.js';
import { setAdmissionRule } from '../../src/beds/set-admission-rule.js';
import {
  linesAt,
  setOffersPassOn,
  setWaitlistClasses,
  setWaitlistRule,
} from '../../src/beds/set-waitlist-rules.js';
import type { ClassRow } from '../../src/beds/waitlist.rules.js';
import { classSets, datedTerms, waitlistTerms } from '../../src/beds/waitlist-terms.js';
import type { Scope } from '../../src/network/scope.js';
import { addDays } from '../../src/shared/china-time.js';
import { addBeds, addHome } from '../support/beds.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { buildTown, countRows, noon, type Town, today } from '../support/town.js';
import { addApplicant, after as inHours, joined, lineAt, placed, tryOffer } from '../support/waiting.js';

let open: TestDatabase;
let town: Town;
let home: number;
beforeAll(async () => {
  open = await openTestDatabase();
  town = await buildTown(open.database);
  home = await addHome(town);
  await addBeds(town, home, [{}]);
});
afterAll(() => open.drop());

const tomorrow = addDays(today, 1);

describe('a rule of offers', () => {
  const rule = {
    ...{ offerHours: 24, moveInDaysMax: 7, refusalsMax: 3, refusalDays: 100, closedDays: 50 },
    ...{ silenceRefuses: true, passesOn: false },
  };
  const set = (from: string, more: Partial<typeof rule> = {}, scope: Scope = 'everywhere') =>
    open.database.write((manager) =>
      setWaitlistRule(manager, { from, rule: { ...rule, ...more }, now: noon }, scope),
    );

  it('counts from its day on, takes the place of another of that day, and leaves what was offered as it was', async () => {
    const elderId = await addApplicant(town);
    await joined(town, { elderId, facilityId: home });
    const [bedId = 0] = await addBeds(town, home, [{}]);
    const before = placed(await tryOffer(town, { bedId, now: noon })).offer;
    expect(await set(tomorrow, { offerHours: 12 })).toMatchObject({ from: tomorrow, offerHours: 12 });
    expect(await set(tomorrow)).toEqual({ from: tomorrow, ...rule });
    const terms = (on: string) => open.database.read((manager) => waitlistTerms(manager, on));
    expect(await terms(today)).toMatchObject({ offerHours: 72, passesOn: true });
    expect(await terms(tomorrow)).toEqual(rule);
    expect(before?.expiresAt).toEqual(inHours(72));
    const listed = await open.database.read(datedTerms);
    expect(listed).toEqual([
      { from: tomorrow, ...rule },
      expect.objectContaining({ from: '2000-01-01', offerHours: 72, silenceRefuses: false }),
    ]);
  });

  it('is refused for what has been, beyond its limits, and to whoever has not everywhere in reach', async () => {
    const before = await countRows(open, 'waitlist_rule');
    expect(await set(addDays(today, -1))).toMatchObject({ refused: 'DAY_OUT_OF_RANGE', field: ['from'] });
    expect(await set(addDays(today, 400))).toMatchObject({ refused: 'DAY_OUT_OF_RANGE' });
    expect(await set(today, { offerHours: 0 })).toMatchObject({
      ...{ refused: 'RULE_INVALID', field: ['rule', 'offerHours'] },
    });
    expect(await set(today, {}, [town.cityId])).toMatchObject({ refused: 'RULE_INVALID', field: ['rule'] });
    expect(await countRows(open, 'waitlist_rule')).toBe(before);
  });

  it('set by two at once is one of the two', async () => {
    const day = addDays(today, 9);
    const results = await Promise.all([24, 48, 72, 96].map((offerHours) => set(day, { offerHours })));
    expect(results.every((result) => !('refused' in result))).toBe(true);
    expect(await countRows(open, `waitlist_rule WHERE fromDay = '${day}'`)).toBe(1);
  });
});

describe('classes', () => {
  const row = (more: Partial<ClassRow> = {}): Omit<ClassRow, 'place'> => ({
    ...{ rank: 1, category: null, levelMin: null, ageMin: null, atOnce: false },
    ...{ name: { zh: '其他', en: 'Others' }, ...more },
  });
  const set = (from: string, classes: readonly Omit<ClassRow, 'place'>[], scope: Scope = 'everywhere') =>
    open.database.write((manager) => setWaitlistClasses(manager, { from, classes, now: noon }, scope));

  it('order lines from their day on, and are listed with what was before', async () => {
    const place = await addHome(town);
    await addBeds(town, place, [{}]);
    const poor = await addApplicant(town, { categories: ['MINIMUM_LIVING'] });
    const bereaved = await addApplicant(town, { categories: ['BEREAVED_FAMILY'] });
    await joined(town, { elderId: poor, facilityId: place, now: inHours(0) });
    await joined(town, { elderId: bereaved, facilityId: place, now: inHours(1) });
    const bereavedFirst = row({ category: 'BEREAVED_FAMILY', name: { zh: ' 失独 ', en: 'Bereaved' } });
    expect(await set(tomorrow, [bereavedFirst, row({ rank: 2 })])).toMatchObject({
      from: tomorrow,
      classes: [
        { place: 1, rank: 1, name: { zh: '失独', en: 'Bereaved' } },
        { place: 2, rank: 2 },
      ],
    });
    expect(await lineAt(town, place, inHours(2))).toEqual([poor, bereaved]);
    expect(await lineAt(town, place, inHours(24))).toEqual([bereaved, poor]);
    const sets = await open.database.read(classSets);
    expect(sets.map(({ from, classes }) => [from, classes.length])).toEqual([
      [tomorrow, 2],
      ['2000-01-01', 6],
    ]);
    // Another set of the day takes its place whole.
    await set(tomorrow, [row()]);
    expect((await open.database.read(classSets))[0]?.classes).toHaveLength(1);
  });

  it('are refused for what has been, where they contradict themselves, and to a part of the network', async () => {
    const before = await countRows(open, 'waitlist_class');
    expect(await set(addDays(today, -1), [row()])).toMatchObject({ refused: 'DAY_OUT_OF_RANGE' });
    expect(await set(today, [row({ ageMin: 80 })])).toMatchObject({
      ...{ refused: 'RULE_INVALID', field: ['classes', '0'] },
    });
    expect(await set(today, [row(), row()])).toMatchObject({
      refused: 'RULE_INVALID',
      field: ['classes', '1'],
    });
    expect(await set(today, [row()], [town.countyId])).toMatchObject({ refused: 'RULE_INVALID' });
    expect(await countRows(open, 'waitlist_class')).toBe(before);
  });
});

describe('what a facility says of its beds', () => {
  const say = (facilityId: number, scope: Scope = 'everywhere') =>
    open.database.write((manager) =>
      setOffersPassOn(manager, { facilityId, type: 'GENERAL', passesOn: false, now: noon }, scope),
    );

  it('is refused beyond the caller’s reach and where nobody has waited, in the same words', async () => {
    const [unknown, foreign, none] = [
      await say(999_999),
      await say(home, [await addHome(town)]),
      await say(await addHome(town)),
    ];
    expect(unknown).toMatchObject({ refused: 'WRONG_STATE', field: ['facilityId'] });
    expect(foreign).toEqual(unknown);
    expect(none).toEqual(unknown);
  });

  it('is listed, to whoever has the place in reach', async () => {
    expect(await say(home)).toMatchObject({ facilityId: home, passesOn: false, passesOnNow: false });
    const listed = (scope: Scope) => open.database.read((manager) => linesAt(manager, home, noon, scope));
    expect(await listed([home])).toEqual([
      { facilityId: home, type: 'GENERAL', passesOn: false, passesOnNow: false, offersFree: false },
    ]);
    expect(await listed([await addHome(town)])).toEqual([]);
  });
});

it('the rules in force at a facility are the nearest, each with its place and day', async () => {
  const county = await addHome(town, town.cityId, 'COUNTY_CENTER');
  const place = await addHome(town, county);
  const terms = await open.database.read((manager) =>
    admissionTerms(manager, { facilityId: place, bedType: 'NURSING', on: today }),
  );
  const set = (facilityId: number, bedType: 'GENERAL' | 'NURSING', from: string, trialDays: number) =>
    open.database.write((manager) =>
      setAdmissionRule(
        manager,
        { rule: { ...terms, facilityId, bedType, from, trialDays }, now: noon },
        'everywhere',
      ),
    );
  await set(county, 'NURSING', today, 11);
  await set(county, 'NURSING', tomorrow, 12);
  await set(county, 'GENERAL', today, 13);
  await set(place, 'GENERAL', tomorrow, 14);
  const rules = async (on: string, scope: Scope = [place]) => {
    const found = await open.database.read((manager) =>
      admissionRulesAt(manager, { facilityId: place, on, now: noon }, scope),
    );
    return found.map(({ bedType, facilityId, from, trialDays }) => [bedType, facilityId, from, trialDays]);
  };
  const everywhere = [
    ['DAY_CARE', null, '2000-01-01', expect.any(Number)],
    ['HOME', null, '2000-01-01', expect.any(Number)],
  ];
  expect((await rules(today)).sort()).toEqual([
    everywhere[0],
    ['GENERAL', county, today, 13],
    everywhere[1],
    ['NURSING', county, today, 11],
  ]);
  expect((await rules(tomorrow)).sort()).toEqual([
    everywhere[0],
    ['GENERAL', place, tomorrow, 14],
    everywhere[1],
    ['NURSING', county, tomorrow, 12],
  ]);
  expect(await rules(today, [await addHome(town)])).toEqual([]);
  for (const bedType of ['GENERAL', 'NURSING'] as const) {
    for (const on of [today, tomorrow]) {
      const asked = { facilityId: place, bedType, on };
      const { trialDays } = await open.database.read((manager) => admissionTerms(manager, asked));
      expect((await rules(on)).find(([type]) => type === bedType)?.[3]).toBe(trialDays);
    }
  }
});

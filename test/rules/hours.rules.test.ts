import { describe, expect, it } from 'vitest';
import { readHoursDocument } from '../../src/visits/hours-checks.rules.js';
import { type HoursSet, hoursPeriod, hoursSetsInForce } from '../../src/visits/hours-entitlement.rules.js';
import type { HoursDocument } from '../../src/visits/hours-language.rules.js';
import { adjustment, Purses } from '../../src/visits/hours-purses.rules.js';
import { borneFen, worthFen } from '../../src/visits/hours-split.rules.js';
import {
  catalogOf,
  grantRule,
  hoursCity,
  hoursRules,
  oneElder,
  oneStation,
  placeId,
  setsOf,
} from '../support/hours-cases.js';

describe.each([hoursCity('nanyang-hours'), hoursCity('shanghai-care')])('the hours of $name', (city) => {
  const sets = setsOf(city.file, city.division);

  it.each(city.cases)('$name', ({ elder, visits }) => {
    const services = new Map(
      visits.map(({ service, group }, index) => [index, { serviceCode: service, serviceGroup: group }]),
    );
    const { born: birthDate, home: residence, ...facts } = elder;
    const purses = new Purses(catalogOf(sets, { birthDate, residence, ...facts }, services));
    const got = visits.map(({ day, minutes, priceFen }, serviceId) => {
      const parts = purses.take({
        elderId: oneElder,
        stationId: oneStation,
        serviceId,
        day,
        minutes,
        priceFen,
      });
      const subsidyFen = parts.reduce((sum, { fen }) => sum + fen, 0);
      const hoursMinutes = parts.reduce((sum, part) => sum + part.minutes, 0);
      return { hoursMinutes, subsidyFen, selfPaidFen: priceFen - subsidyFen };
    });
    expect(got).toEqual(visits.map(({ expect: wanted }) => wanted));
  });
});

const version = (number: number, fromDay: string, toDay: string | null, more: Partial<HoursDocument> = {}) =>
  ({
    ruleId: number,
    code: 'SET',
    version: number,
    facilityId: placeId,
    scopeDivision: '4113',
    fromDay,
    toDay,
    document: hoursRules([{}], more),
  }) satisfies HoursSet;

describe('which version counts', () => {
  const on = (day: string, sets: HoursSet[], places = [placeId]) =>
    hoursSetsInForce(sets, places, day).map(({ version: number }) => number);

  it('a month keeps the version that it began under', () => {
    const sets = [version(1, '2026-01-01', null), version(2, '2026-03-15', null)];
    expect(on('2025-12-31', sets)).toEqual([]);
    expect(on('2026-03-14', sets)).toEqual([1]);
    expect(on('2026-03-31', sets)).toEqual([1]);
    expect(on('2026-04-01', sets)).toEqual([2]);
  });

  it('a set that begins within a month counts from its first day on, and one that ends not after it', () => {
    const sets = [version(1, '2026-03-15', '2026-04-10')];
    expect(on('2026-03-14', sets)).toEqual([]);
    expect(on('2026-03-15', sets)).toEqual([1]);
    expect(on('2026-04-09', sets)).toEqual([1]);
    expect(on('2026-04-10', sets)).toEqual([]);
  });

  it('of two versions of one day the later one counts, and none of another place', () => {
    const sets = [version(1, '2026-03-01', null), version(2, '2026-03-01', null)];
    expect(on('2026-03-10', sets)).toEqual([2]);
    expect(on('2026-03-10', sets, [99])).toEqual([]);
  });

  it('who goes over from months to weeks does so on the day', () => {
    const sets = [version(1, '2026-01-01', null), version(2, '2026-03-15', null, { per: 'WEEK' })];
    expect(on('2026-03-14', sets)).toEqual([1]);
    expect(on('2026-03-18', sets)).toEqual([2]);
  });
});

it('weeks go from Monday to Sunday, and months from the first on', () => {
  expect(hoursPeriod('WEEK', '2026-03-15')).toEqual({
    period: '2026-03-09',
    fromDay: '2026-03-09',
    toDay: '2026-03-16',
  });
  expect(hoursPeriod('MONTH', '2026-12-31')).toEqual({
    period: '2026-12',
    fromDay: '2026-12-01',
    toDay: '2027-01-01',
  });
});

describe('several grants', () => {
  const services = new Map([[1, { serviceCode: 'BATHING', serviceGroup: 'DAILY_CARE' as const }]]);
  const asked = { elderId: oneElder, stationId: oneStation, serviceId: 1, day: '2026-03-10' };
  const set = (document: HoursDocument, code = 'SET'): HoursSet => {
    return { ...version(1, '2026-01-01', null), code, document };
  };
  const take = (sets: HoursSet[], minutes: number, priceFen: number) =>
    new Purses(catalogOf(sets, {}, services))
      .take({ ...asked, minutes, priceFen })
      .map(({ purse, ...part }) => [purse.set.code, purse.grant.code, part.minutes, part.fen]);
  const small = { code: 'SMALL', minutes: 30 };
  const large = { code: 'LARGE', minutes: 60, selfPaidPercent: 50 };

  it('add up, and whoever pays most comes first', () => {
    expect(take([set(hoursRules([large, small]))], 120, 12_000)).toEqual([
      ['SET', 'SMALL', 30, 3000],
      ['SET', 'LARGE', 60, 3000],
    ]);
  });

  it('or the one of the most minutes counts', () => {
    expect(take([set(hoursRules([small, large], { pick: 'BEST' }))], 120, 12_000)).toEqual([
      ['SET', 'LARGE', 60, 3000],
    ]);
  });

  it('of sets that do not add up the one that gives most counts, and those that add up beside it', () => {
    const best = (code: string, minutes: number) =>
      set(hoursRules([{ minutes }], { alongside: 'BEST' }), code);
    const added = set(hoursRules([{ minutes: 10 }]), 'ADDED');
    expect(take([best('ONE', 20), best('TWO', 30), added], 120, 12_000)).toEqual([
      ['ADDED', 'ALL', 10, 1000],
      ['TWO', 'ALL', 30, 3000],
    ]);
  });
});

describe('what an hour is worth', () => {
  it('is rounded down to the fen once, never above the price', () => {
    expect(worthFen(grantRule(), { minutes: 90, priceFen: 10_000 }, 60)).toBe(6666);
    expect(worthFen(grantRule(), { minutes: 90, priceFen: 10_000 }, 90)).toBe(10_000);
    const perHour = grantRule({ pays: { kind: 'PER_HOUR', fen: 5000 } });
    expect(worthFen(perHour, { minutes: 60, priceFen: 4000 }, 60)).toBe(4000);
    expect(worthFen(perHour, { minutes: 60, priceFen: 9000 }, 45)).toBe(3750);
    const third = grantRule({ selfPaidPercent: 33.33 });
    expect(worthFen(third, { minutes: 60, priceFen: 10_000 }, 60)).toBe(6667);
  });

  it('its funders bear exactly it', () => {
    const borneBy = [
      { funder: 'A', percent: 33.33 },
      { funder: 'B', percent: 33.33 },
      { funder: 'C', percent: 33.34 },
    ];
    expect(borneFen(grantRule({ borneBy }), 100)).toEqual([
      { funder: 'A', fen: 34 },
      { funder: 'B', fen: 33 },
      { funder: 'C', fen: 33 },
    ]);
  });
});

it('a grant becomes what the rules say, and no smaller than what is taken from it', () => {
  expect(adjustment({ grantedMinutes: 60, leftMinutes: 20 }, 90)).toBe(30);
  expect(adjustment({ grantedMinutes: 60, leftMinutes: 20 }, 50)).toBe(-10);
  expect(adjustment({ grantedMinutes: 60, leftMinutes: 20 }, 30)).toBe(-20);
});

describe('a document', () => {
  const faultOf = (document: unknown) => {
    const read = readHoursDocument(JSON.stringify(document), ['input', 'document']);
    return 'refused' in read ? [read.refused, read.field?.join('.')] : 'read';
  };

  it('is read as it is meant', () => {
    expect(faultOf(hoursRules([{}]))).toBe('read');
  });

  it.each([
    ['misspelt', { ...hoursRules([{}]), pik: 'ALL' }, 'DOCUMENT_INVALID', 'input.document'],
    ['without grants', hoursRules([]), 'DOCUMENT_INVALID', 'input.document.grants'],
    ['with no minutes', hoursRules([{ minutes: 0 }]), 'DOCUMENT_INVALID', 'input.document.grants.0.minutes'],
    ['with a code twice', hoursRules([{}, {}]), 'CODE_REUSED', 'input.document.grants.1.code'],
    [
      'for ages turned round',
      hoursRules([{ who: { ageFrom: 80, ageTo: 60 } }]),
      'INTERVAL_INVALID',
      'input.document.grants.0.who.ageTo',
    ],
    [
      'for levels turned round, further in',
      hoursRules([{ who: { noneOf: [{ abilityFrom: 3, abilityTo: 2 }] } }]),
      'INTERVAL_INVALID',
      'input.document.grants.0.who.noneOf.0.abilityTo',
    ],
    [
      'borne by less than all',
      hoursRules([{ borneBy: [{ funder: 'A', percent: 90 }] }]),
      'SHARES_INVALID',
      'input.document.grants.0.borneBy',
    ],
    [
      'borne by one twice',
      hoursRules([
        {
          borneBy: [
            { funder: 'A', percent: 50 },
            { funder: 'A', percent: 50 },
          ],
        },
      ]),
      'SHARES_INVALID',
      'input.document.grants.0.borneBy',
    ],
    [
      'that lets the family pay all of it',
      hoursRules([{ selfPaidPercent: 100 }]),
      'DOCUMENT_INVALID',
      'input.document.grants.0.selfPaidPercent',
    ],
  ])('%s is refused by name', (_name, document, code, field) => {
    expect(faultOf(document)).toEqual([code, field]);
  });

  it('that is no JSON, or too long, is refused', () => {
    const refused = (text: string) => {
      const read = readHoursDocument(text, ['document']);
      return 'refused' in read && read.refused;
    };
    expect(refused('{')).toBe('DOCUMENT_INVALID');
    const plain = JSON.stringify(hoursRules([{}]));
    expect(refused(plain)).toBe(false);
    expect(refused(plain.replace('"format":1', '"format":1,"format":1'))).toBe('DOCUMENT_INVALID');
    expect(refused(JSON.stringify({ ...hoursRules([{}]), source: '长'.repeat(30_000) }))).toBe(
      'DOCUMENT_INVALID',
    );
  });
});

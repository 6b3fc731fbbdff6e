import { readFileSync } from 'node:fs';
import type { ElderCategory } from '../../entities/elders/elder-category-membership.entity.js';
import type { ServiceGroup } from '../../entities/visits/home-service.entity.js';
import type { GrantRow, HoursCatalog } from '../../src/visits/hours-catalog.js';
import type { HoursElder, HoursSet } from '../../src/visits/hours-entitlement.rules.js';
import { type HoursFile, readHoursFile } from '../../src/visits/hours-file.rules.js';
import type { HoursDocument, HoursGrantRule } from '../../src/visits/hours-language.rules.js';

/** A line of a city's table of cases: an elder, and visits booked one after the other. */
export interface HoursCase {
  name: string;
  elder: {
    born: string;
    categories: ElderCategory[];
    home: string | null;
    abilityLevel?: number;
    abilityExpiresOn?: string;
  };
  visits: {
    day: string;
    service: string;
    group: ServiceGroup;
    minutes: number;
    priceFen: number;
    expect: { hoursMinutes: number; subsidyFen: number; selfPaidFen: number };
  }[];
}

export interface HoursCity {
  name: string;
  file: HoursFile;
  division: string;
  cases: HoursCase[];
}

export function hoursCity(name: string): HoursCity {
  const read = (file: string) => readFileSync(`seeds/reference/${name}/${file}.json`, 'utf8');
  const file = readHoursFile(read('hours'));
  if ('refused' in file) throw new Error(`${name}: ${file.field?.join('.')} ${file.message.en}`);
  return { name, file, ...(JSON.parse(read('cases')) as Pick<HoursCity, 'division' | 'cases'>) };
}

/** The place at which the rules of catalogs below are, and the one elder, station and service of them. */
export const placeId = 1;
export const oneElder = 5;
export const oneStation = 7;

export function setsOf({ ruleSets }: HoursFile, scopeDivision: string): HoursSet[] {
  return ruleSets.flatMap(({ code, versions }) =>
    versions.map((version, index) => {
      const ruleId = index + 1;
      return { ...version, ruleId, code, version: ruleId, facilityId: placeId, scopeDivision };
    }),
  );
}

/** What the database would say, without one. */
export function catalogOf(
  sets: readonly HoursSet[],
  elder: Partial<HoursElder>,
  services: HoursCatalog['services'],
  grants: readonly GrantRow[] = [],
): HoursCatalog {
  const facts = { abilityLevel: null, abilityExpiresOn: null, residence: null, categories: [] };
  return {
    sets,
    placesOn: (stationId) => (stationId === oneStation ? [placeId, oneStation] : [stationId]),
    treeDay: '2026-01-01',
    elders: new Map([[oneElder, { birthDate: '1950-01-01', ...facts, ...elder }]]),
    services,
    funders: new Map(),
    grants,
  };
}

/** An hour a month of every service, at its price, for everybody; or as said. */
export function grantRule(more: Partial<HoursGrantRule> = {}): HoursGrantRule {
  return {
    code: 'ALL',
    name: { zh: '每月一小时', en: 'an hour a month' },
    minutes: 60,
    pays: { kind: 'PRICE' },
    borneBy: [{ funder: 'BUREAU', percent: 100 }],
    lateCancellation: 'FORFEIT',
    ...more,
  };
}

export function hoursRules(
  grants: readonly Partial<HoursGrantRule>[],
  more: Partial<HoursDocument> = {},
): HoursDocument {
  return {
    format: 1,
    name: { zh: '时长', en: 'hours' },
    per: 'MONTH',
    alongside: 'ADD',
    pick: 'ALL',
    grants: grants.map(grantRule),
    ...more,
  };
}

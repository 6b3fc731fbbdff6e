import type { EntityManager } from 'typeorm';
import { facilityById } from '../../network/find-facilities.js';
import { withEverBeneath } from '../../network/tree.js';
import type { ListedVersion } from '../../rule-versions/list-versions.js';
import { type Day, daysOver } from '../../shared/china-time.js';
import { type CanteenDayKey, readCanteenTerms, termsKey } from '../canteen-terms.js';
import type { CanteenTerms } from '../swipe.rules.js';
import { type ApprovedRules, type RuleCatalog, readRuleCatalog, understood } from './rule-catalog.js';

/** A canteen on a day: by the rules that were in force, and by those that are tried. */
export interface PreviewedTerms {
  actual: CanteenTerms;
  proposed: CanteenTerms;
}

/** What a preview knows of the rules. */
export interface PreviewedRules extends RuleCatalog {
  /** By `termsKey`, of each canteen and the days on which it stood beneath the place that the rules are for. */
  terms: ReadonlyMap<string, PreviewedTerms>;
}

/** Reads the rules, and what they are with the version in place of the others of its code. */
export async function readPreviewedRules(
  manager: EntityManager,
  rules: ListedVersion,
  days: { fromDay: Day; toDay: Day },
): Promise<PreviewedRules> {
  const catalog = await readRuleCatalog(manager);
  const version = await asIfAlways(manager, rules);
  const others = [...catalog.versions].filter(([, { code }]) => code !== rules.code);
  const changed = { ...catalog, versions: new Map([...others, [version.ruleSetId, version]]) };
  const keys = await canteenDaysBeneath(manager, rules.facilityId, days);
  const actual = await readCanteenTerms(manager, keys, async () => catalog);
  const proposed = await readCanteenTerms(manager, keys, async () => changed);
  const terms = new Map<string, PreviewedTerms>();
  // Of every canteen the days of all were read: those on which it stood elsewhere are not the rules' business.
  for (const key of keys.map(termsKey)) {
    const [was, would] = [actual.get(key), proposed.get(key)];
    if (was && would) terms.set(key, { actual: was, proposed: would });
  }
  return { ...catalog, terms };
}

async function asIfAlways(manager: EntityManager, rules: ListedVersion): Promise<ApprovedRules> {
  const { id: ruleSetId, code, version, facilityId } = rules;
  const scopeDivision = (await facilityById(manager, facilityId))?.divisionCode ?? '';
  const forEver = { fromDay: '0000-01-01', toDay: null };
  return { ruleSetId, code, version, facilityId, scopeDivision, ...forEver, ...understood(rules.document) };
}

async function canteenDaysBeneath(
  manager: EntityManager,
  facilityId: number,
  { fromDay, toDay }: { fromDay: Day; toDay: Day },
): Promise<CanteenDayKey[]> {
  const { sql, parameters } = withEverBeneath(facilityId, fromDay, toDay);
  const rows: { canteenId: number; fromDay: Day; toDay: Day }[] = await manager.query(
    `${sql} SELECT ever.facilityId AS canteenId, ever.fromDay, ever.toDay
              FROM ever JOIN canteen ON canteen.facilityId = ever.facilityId`,
    parameters,
  );
  return rows.flatMap(({ canteenId, ...days }) =>
    daysOver(days.fromDay, days.toDay).map((day) => ({ canteenId, day })),
  );
}

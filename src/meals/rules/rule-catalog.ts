import type { EntityManager } from 'typeorm';
import { versionOn, versionsAt } from '../../rule-versions/dated-versions.rules.js';
import type { Day } from '../../shared/china-time.js';
import type { RuleSetTerms } from '../subsidy.rules.js';
import type { PastMeal, RuleUse } from './rule-caps.rules.js';
import { type Group, type Rule, type RuleDocument, ruleDocument } from './rule-language.rules.js';
import { needsOf, type RuleNeeds } from './rule-needs.rules.js';
import type { FunderFacts } from './rule-shares.rules.js';

/** An approved version of a set of rules, as the database has it. */
export interface ApprovedRules extends RuleSetTerms {
  facilityId: number;
  fromDay: Day;
  toDay: Day | null;
  needs: RuleNeeds;
}

/** Every approved version, and everybody who bears subsidies. */
export interface RuleCatalog {
  versions: ReadonlyMap<number, ApprovedRules>;
  funders: readonly FunderFacts[];
}

/** Reads all of it in two statements: a city has a few sets and changes them once in years. */
export async function readRuleCatalog(manager: EntityManager): Promise<RuleCatalog> {
  const rows: (Omit<ApprovedRules, 'document' | 'needs'> & { document: string })[] = await manager.query(
    `SELECT r.id AS ruleSetId, r.code, r.version, r.facilityId, CAST(r.fromDay AS CHAR) AS fromDay,
            CAST(r.toDay AS CHAR) AS toDay, r.document, f.divisionCode AS scopeDivision
       FROM subsidy_rule r
       JOIN facility f ON f.id = r.facilityId
      WHERE r.status = 'APPROVED'
      ORDER BY r.code, r.version`,
  );
  const versions = rows.map((row) => ({ ...row, ...understood(row.document) }));
  return {
    versions: new Map(versions.map((version) => [version.ruleSetId, version])),
    funders: await readFunders(manager),
  };
}

export async function readFunders(manager: EntityManager): Promise<FunderFacts[]> {
  return manager.query(
    `SELECT f.code, f.name, f.level, f.divisionCode, a.id AS accountId
       FROM funder f
       JOIN ledger_account a ON a.kind = 'FUNDER' AND a.ownerId = f.id
      ORDER BY f.id`,
  );
}

/** Documents by their text: it is read every second, and checked once. */
const read = new Map<string, { document: RuleDocument; needs: RuleNeeds }>();
const readMax = 200;

/** An approved or proposed document by its text, with what it needs. */
export function understood(text: string): { document: RuleDocument; needs: RuleNeeds } {
  const earlier = read.get(text);
  if (earlier) return earlier;
  // What it means was checked when it was proposed; a check that is added later must not stop a city's lunch.
  const document = ruleDocument.parse(JSON.parse(text));
  if (read.size >= readMax) read.clear();
  const known = { document, needs: needsOf(document) };
  read.set(text, known);
  return known;
}

/**
 * The versions in force at a place on a day, from the top of the tree down and by their codes: of each code the one
 * that began last, unless it has ended.
 *
 * @param places the facility and everything above it, from the root down
 */
export function rulesInForce(
  versions: Iterable<ApprovedRules>,
  places: readonly number[],
  day: Day,
): ApprovedRules[] {
  return versionsAt(versions, places, (ofCode) => versionOn(ofCode, day));
}

/** The columns of a swipe that say what rules gave. */
export interface StoredUses {
  ruleId: number | null;
  subsidyFen: number | string;
  appliedRules: string | null;
}

/** What `StoredUses` keeps: ids and places, because a swipe is written more often than it is read. */
export function writtenUses(uses: readonly (RuleUse & { set: RuleSetTerms })[]): string | null {
  if (uses.length === 0) return null;
  return uses
    .map(({ set, groupCode, ruleCode, fen }) => {
      const place = placesOf(set).findIndex(
        ({ group, rule }) => group.code === groupCode && rule.code === ruleCode,
      );
      return `${set.ruleSetId}.${place}=${fen}`;
    })
    .join(',');
}

/** The other way round; what a version gave that is not in the catalog counts for no cap. */
export function readUses(stored: StoredUses, versions: RuleCatalog['versions']): PastMeal['uses'] {
  return givingRules(stored, versions).map(({ set, group, rule, fen }) => {
    return { setCode: set.code, groupCode: group.code, ruleCode: rule.code, fen };
  });
}

/** A rule that gave something towards a meal, with its group and the version that it stands in. */
export interface GivingRule {
  set: RuleSetTerms;
  group: Group;
  rule: Rule;
  fen: number;
}

/** The same with what the rules themselves say: the versions that paid for the meal, whatever is in force today. */
export function givingRules(stored: StoredUses, versions: RuleCatalog['versions']): GivingRule[] {
  return parsedUses(stored).flatMap(({ ruleSetId, place, fen }) => {
    const set = versions.get(ruleSetId);
    const at = set && placesOf(set)[place];
    return set && at ? [{ set, ...at, fen }] : [];
  });
}

function parsedUses(stored: StoredUses): { ruleSetId: number; place: number; fen: number }[] {
  const text = stored.appliedRules ?? oldestUse(stored);
  if (text === '') return [];
  return text.split(',').map((use) => {
    const [ruleSetId = 0, place = 0, fen = 0] = use.split(/[.=]/).map(Number);
    return { ruleSetId, place, fen };
  });
}

/** When a version had one rule, a swipe named the version alone. */
function oldestUse({ ruleId, subsidyFen }: StoredUses): string {
  return ruleId === null || Number(subsidyFen) === 0 ? '' : `${ruleId}.0=${Number(subsidyFen)}`;
}

const places = new WeakMap<RuleDocument, { group: Group; rule: Rule }[]>();

/** All rules of a version in the order of its document. */
function placesOf({ document }: RuleSetTerms): { group: Group; rule: Rule }[] {
  const known = places.get(document);
  if (known) return known;
  const all = document.groups.flatMap((group) => group.rules.map((rule) => ({ group, rule })));
  places.set(document, all);
  return all;
}

import type { EntityManager } from 'typeorm';
import type { BedType } from '../../entities/beds/bed.entity.js';
import type { AuditedState } from '../audit-log/write-on-record.js';
import { covers, nowhere, type Scope } from '../network/scope.js';
import { type Day, dayOf } from '../shared/china-time.js';
import { forUpdate } from '../shared/database.js';
import { insertRows } from '../shared/statements.js';
import type { Text } from '../shared/text.js';
import { dayFault } from './bed.rules.js';
import { type BedRefusal, refuseBed } from './bed-refusals.js';
import type { ClassRow, WaitlistTerms } from './waitlist.rules.js';
import { classesFault, waitlistRuleFault } from './waitlist-limits.rules.js';
import { type ClassSet, classSets, type DatedTerms, waitlistTerms } from './waitlist-terms.js';

/** These rules count in the whole network, and are set by whoever administers all of it. */
function reachFault(scope: Scope, field: string): BedRefusal | undefined {
  if (scope === 'everywhere') return undefined;
  const text = {
    zh: '轮候规则适用于全部机构，须由全域管理员设定',
    en: 'It counts everywhere, so only an administrator of everything may set it',
  };
  return refuseBed('RULE_INVALID', [field], text);
}

/** Sets how beds are offered from a day on, today or later. Another rule of the same day is replaced. */
export async function setWaitlistRule(
  manager: EntityManager,
  { from, rule, now }: { from: Day; rule: WaitlistTerms; now: Date },
  scope: Scope,
): Promise<DatedTerms | BedRefusal> {
  const outOfReach = reachFault(scope, 'rule');
  if (outOfReach) return outOfReach;
  const range = dayFault(from, { today: dayOf(now), back: 0 });
  if (range) return refuseBed('DAY_OUT_OF_RANGE', ['from'], range);
  const fault = waitlistRuleFault(rule);
  if (fault) return refuseBed('RULE_INVALID', fault.field, fault.text);
  await manager.query('DELETE FROM waitlist_rule WHERE fromDay = ?', [from]);
  const columns = [
    ...(['offerHours', 'moveInDaysMax', 'refusalsMax', 'refusalDays', 'closedDays'] as const),
    ...(['silenceRefuses', 'passesOn'] as const),
  ];
  await insertRows(
    manager,
    'waitlist_rule',
    ['fromDay', ...columns],
    [[from, ...columns.map((name) => rule[name])]],
  );
  return { from, ...rule };
}

/** The rule that counts on the day, for the audit log: what a change takes the place of. */
export async function waitlistRuleState(manager: EntityManager, from: Day): Promise<AuditedState> {
  return { about: { subject: 'waitlist-rule' }, values: { ...(await waitlistTerms(manager, from)) } };
}

/**
 * Sets who comes before whom from a day on, today or later: all classes of that day together. Another set of the same
 * day is replaced. Places follow by themselves, because they are stored nowhere.
 */
export async function setWaitlistClasses(
  manager: EntityManager,
  { from, classes, now }: { from: Day; classes: readonly Omit<ClassRow, 'place'>[]; now: Date },
  scope: Scope,
): Promise<ClassSet | BedRefusal> {
  const outOfReach = reachFault(scope, 'classes');
  if (outOfReach) return outOfReach;
  const range = dayFault(from, { today: dayOf(now), back: 0 });
  if (range) return refuseBed('DAY_OUT_OF_RANGE', ['from'], range);
  const fault = classesFault(classes);
  if (fault) return refuseBed('RULE_INVALID', fault.field, fault.text);
  await manager.query('DELETE FROM waitlist_class WHERE fromDay = ?', [from]);
  await insertRows(
    manager,
    'waitlist_class',
    ['fromDay', 'place', 'classRank', 'category', 'levelMin', 'ageMin', 'atOnce', 'nameZh', 'nameEn'],
    classes.map(({ rank, category, levelMin, ageMin, atOnce, name }, index) => [
      ...[from, index + 1, rank, category, levelMin, ageMin, atOnce],
      ...[name.zh.trim(), name.en.trim()],
    ]),
  );
  return (await classSets(manager)).find((set) => set.from === from) as ClassSet;
}

/** The classes that count on the day, for the audit log. */
export async function waitlistClassesState(
  manager: EntityManager,
  from: Day,
): Promise<AuditedState | undefined> {
  const set = (await classSets(manager)).find((each) => each.from <= from);
  return set && { about: { subject: 'waitlist-classes' }, values: { from: set.from, classes: set.classes } };
}

/** What beds of a line do by themselves. */
export interface LineChoice {
  facilityId: number;
  type: BedType;
  /** What the facility says; null for what the rule says. */
  passesOn: boolean | null;
  /** What counts today. */
  passesOnNow: boolean;
  /** Whether free beds are offered by themselves. */
  offersFree: boolean;
}

/** A facility's own word on whether beds that somebody did not take pass on by themselves. Again is as once. */
export function setOffersPassOn(
  manager: EntityManager,
  { passesOn, ...line }: LineAsked & { passesOn: boolean | null },
  scope: Scope,
): Promise<LineChoice | BedRefusal> {
  return changeLine(manager, line, { passesOn }, scope);
}

/**
 * A facility's own word on whether free beds are offered by themselves, in the name of whoever said so last.
 */
export async function setFreeBedsOffered(
  manager: EntityManager,
  { offersFree, byId, ...line }: LineAsked & { offersFree: boolean; byId: number },
  scope: Scope,
): Promise<LineChoice | BedRefusal> {
  return changeLine(manager, line, { offersFreeById: offersFree ? byId : null }, scope);
}

interface LineAsked {
  facilityId: number;
  type: BedType;
  now: Date;
}

async function changeLine(
  manager: EntityManager,
  { facilityId, type, now }: LineAsked,
  change: { passesOn: boolean | null } | { offersFreeById: number | null },
  scope: Scope,
): Promise<LineChoice | BedRefusal> {
  await manager.query(
    `SELECT facilityId FROM waitlist_line WHERE facilityId = ? AND bedType = ?${forUpdate(manager)}`,
    [facilityId, type],
  );
  const isCovered = await covers(manager, scope, facilityId, dayOf(now));
  const [[column, value] = []] = Object.entries(change);
  await manager.query(`UPDATE waitlist_line SET ${column} = ? WHERE facilityId = ? AND bedType = ?`, [
    value,
    isCovered ? facilityId : nowhere,
    type,
  ]);
  // It lists no line of a place out of reach, where nothing changed.
  const line = (await linesAt(manager, facilityId, now, scope)).find((each) => each.type === type);
  return line ?? refuseBed('WRONG_STATE', ['facilityId'], noLine);
}

const noLine: Text = {
  zh: '该机构尚无人轮候此类床位',
  en: 'Nobody has waited there for a bed of this type yet',
};

/** The lines of a facility within `scope` and what counts in them; none of another one. */
export async function linesAt(
  manager: EntityManager,
  facilityId: number,
  now: Date,
  scope: Scope,
): Promise<LineChoice[]> {
  const today = dayOf(now);
  const isCovered = await covers(manager, scope, facilityId, today);
  const terms = await waitlistTerms(manager, today);
  const rows: {
    facilityId: number;
    type: BedType;
    passesOn: number | boolean | null;
    offersFreeById: number | null;
  }[] = await manager.query(
    `SELECT facilityId, bedType AS type, passesOn, offersFreeById FROM waitlist_line
      WHERE facilityId = ? ORDER BY bedType`,
    [isCovered ? facilityId : nowhere],
  );
  return rows.map(({ passesOn, offersFreeById, ...line }) => {
    const choice = passesOn === null ? null : Boolean(passesOn);
    const passing = { passesOn: choice, passesOnNow: choice ?? terms.passesOn };
    return { ...line, ...passing, offersFree: offersFreeById !== null };
  });
}

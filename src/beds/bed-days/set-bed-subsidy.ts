import type { EntityManager } from 'typeorm';
import type { AuditedState } from '../../audit-log/write-on-record.js';
import { ancestorFacilitiesOf } from '../../network/ancestor-facilities.js';
import { covers, nowhere, type Scope } from '../../network/scope.js';
import { type Day, dayOf } from '../../shared/china-time.js';
import { forUpdate } from '../../shared/database.js';
import { insertRows } from '../../shared/statements.js';
import { dayFault } from '../bed.rules.js';
import { type BedRefusal, refuseBed } from '../bed-refusals.js';
import type { Acting } from '../lock-elder.js';
import { ruleOn, type SubsidyTerms, subsidyFault } from './bed-subsidy.rules.js';
import { allSubsidies, type KeptSubsidy } from './read-subsidies.js';

/** Which rule: a funder's at a facility and beneath it, or everywhere, from a day on. */
export interface SubsidyKey {
  facilityId: number | null;
  /** The code of the funder. */
  funder: string;
  from: Day;
}

/**
 * Sets what a funder pays homes for occupied beds from a day on, today or later: what has been was worth what counted
 * then. Another rule of the same day is replaced. The rule of everywhere is set by whoever has everywhere in reach.
 */
export async function setBedSubsidy(
  manager: EntityManager,
  { key, terms, byId, now }: { key: SubsidyKey; terms: SubsidyTerms } & Acting,
  scope: Scope,
): Promise<KeptSubsidy | BedRefusal> {
  const { facilityId, funder, from } = key;
  const today = dayOf(now);
  const place = facilityId ?? nowhere;
  // Whoever sets a rule of the same place waits here.
  const there: unknown[] = await manager.query(`SELECT id FROM facility WHERE id = ?${forUpdate(manager)}`, [
    place,
  ]);
  const isCovered = await covers(manager, scope, place, today);
  if (!isCovered || (facilityId !== null && there.length === 0)) {
    const text = {
      zh: '没有这个机构，或不在您的管辖范围',
      en: 'There is no such facility within your reach',
    };
    return refuseBed('RULE_INVALID', ['facilityId'], text);
  }
  const fault = subsidyFault(terms);
  if (fault) return refuseBed('RULE_INVALID', fault.field, fault.text);
  const range = dayFault(from, { today, back: 0 });
  if (range) return refuseBed('DAY_OUT_OF_RANGE', ['from'], range);
  const [known]: { id: number }[] = await manager.query('SELECT id FROM funder WHERE code = ?', [
    funder.trim(),
  ]);
  if (!known) {
    const text = { zh: '没有这个出资方', en: 'There is no such funder' };
    return refuseBed('RULE_INVALID', ['funder'], text);
  }
  const id = await replaceRule(manager, { key, terms, funderId: known.id, byId, now });
  return (await allSubsidies(manager)).find((rule) => rule.id === id) as KeptSubsidy;
}

async function replaceRule(
  manager: EntityManager,
  { key, terms, funderId, byId, now }: { key: SubsidyKey; terms: SubsidyTerms; funderId: number } & Acting,
): Promise<number> {
  const values = [key.facilityId ?? 0, funderId, key.from];
  const where = 'facilityKey = ? AND funderId = ? AND fromDay = ?';
  await manager.query(
    `DELETE FROM bed_subsidy_rate WHERE subsidyId IN (SELECT id FROM bed_subsidy WHERE ${where})`,
    values,
  );
  await manager.query(`DELETE FROM bed_subsidy WHERE ${where}`, values);
  const { per, wholeMonthDays, homeLeaveDaysMax, hospitalDaysMax, rates } = terms;
  const columns = ['facilityKey', 'funderId', 'fromDay', 'facilityId', 'per', 'wholeMonthDays'];
  const row = [...values, key.facilityId, per, wholeMonthDays, homeLeaveDaysMax, hospitalDaysMax];
  await insertRows(
    manager,
    'bed_subsidy',
    [...columns, 'homeLeaveDaysMax', 'hospitalDaysMax', 'setAt', 'setById'],
    [[...row, now.getTime(), byId]],
  );
  const [stored]: { id: number }[] = await manager.query(`SELECT id FROM bed_subsidy WHERE ${where}`, values);
  if (!stored) throw new Error('the rule was not stored');
  await insertRows(
    manager,
    'bed_subsidy_rate',
    ['subsidyId', 'place', 'bedType', 'levelMin', 'levelMax', 'fen'],
    rates.map(({ bedType, levelMin, levelMax, fen }, index) => [
      ...[stored.id, index + 1, bedType, levelMin, levelMax, fen],
    ]),
  );
  return stored.id;
}

/** The rule of the place that counts on the day, for the audit log: what a change takes the place of. */
export async function bedSubsidyState(
  manager: EntityManager,
  { facilityId, funder, from }: SubsidyKey,
): Promise<AuditedState | undefined> {
  const rules = (await allSubsidies(manager))
    .filter((rule) => rule.facilityId === facilityId && rule.funder.code === funder.trim())
    .map((rule) => ({ distance: 0, rule }));
  const rule = ruleOn(rules, from);
  if (!rule) return undefined;
  const { fromDay, per, wholeMonthDays, homeLeaveDaysMax, hospitalDaysMax, rates } = rule;
  const values = { fromDay, per, wholeMonthDays, homeLeaveDaysMax, hospitalDaysMax };
  const about = {
    ...(facilityId === null ? {} : { facilityId }),
    subject: `bed-subsidy:${rule.funder.code}`,
  };
  return { about, values: { ...values, rates: JSON.stringify(rates) } };
}

/** Of each funder the rule that counts at a facility on a day, in the order of the funders' codes; none beyond the scope. */
export async function subsidiesAt(
  manager: EntityManager,
  { facilityId, on, today }: { facilityId: number; on: Day; today: Day },
  scope: Scope,
): Promise<KeptSubsidy[]> {
  const isCovered = await covers(manager, scope, facilityId, today);
  const above = (await ancestorFacilitiesOf(manager, [facilityId], on)).get(facilityId) ?? [];
  // The nearest first.
  const path = isCovered ? [facilityId, ...above.map(({ id }) => id).reverse(), null] : [];
  const byFunder = new Map<number, { distance: number; rule: KeptSubsidy }[]>();
  for (const rule of await allSubsidies(manager)) {
    const distance = path.indexOf(rule.facilityId);
    if (distance < 0) continue;
    byFunder.set(rule.funder.id, [...(byFunder.get(rule.funder.id) ?? []), { distance, rule }]);
  }
  return [...byFunder.values()]
    .flatMap((rules) => ruleOn(rules, on) ?? [])
    .sort((one, other) => (one.funder.code < other.funder.code ? -1 : 1));
}

import type { EntityManager } from 'typeorm';
import type { RuleKind, VersionRefusalCode } from '../rule-versions/rule-kind.js';
import type { Refusal } from '../shared/refusal.js';
import {
  type HoursDocumentRefusalCode,
  readHoursDocument,
  unknownHoursFunder,
} from './hours-checks.rules.js';
import type { HoursDocument } from './hours-language.rules.js';

export type HoursRuleRefusalCode = HoursDocumentRefusalCode | VersionRefusalCode;

/** What rules of government hours bring to their versions. */
export const hoursRules: RuleKind<HoursDocument, HoursDocumentRefusalCode> = {
  table: 'hours_rule',
  subject: 'hours-rules',
  readDocument: readHoursDocument,
  refusalOf,
};

async function refusalOf(
  manager: EntityManager,
  document: HoursDocument,
): Promise<Refusal<'FUNDER_UNKNOWN'> | undefined> {
  const funders: { code: string }[] = await manager.query('SELECT code FROM funder');
  return unknownHoursFunder(document, new Set(funders.map(({ code }) => code)));
}

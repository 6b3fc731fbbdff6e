import type { EntityManager } from 'typeorm';
import type { RuleKind, VersionRefusalCode } from '../../rule-versions/rule-kind.js';
import { type Refusal, refuse } from '../../shared/refusal.js';
import { unknownFunder } from './rule-bearers.rules.js';
import { readFunders } from './rule-catalog.js';
import { readRuleDocument } from './rule-checks.rules.js';
import type { DocumentRefusalCode } from './rule-fault.rules.js';
import type { RuleDocument } from './rule-language.rules.js';

export type RuleRefusalCode = DocumentRefusalCode | VersionRefusalCode;

/** What subsidy rules bring to their versions. */
export const subsidyRules: RuleKind<RuleDocument, DocumentRefusalCode> = {
  table: 'subsidy_rule',
  subject: 'rules',
  readDocument: readRuleDocument,
  refusalOf,
};

async function refusalOf(
  manager: EntityManager,
  document: RuleDocument,
): Promise<Refusal<DocumentRefusalCode> | undefined> {
  const fault = unknownFunder(document, await readFunders(manager));
  return fault && refuse(fault.code, fault.text, ['document', ...fault.path.map(String)]);
}

import type { EntityManager } from 'typeorm';
import {
  type AddedRules,
  addRuleFile,
  type FileRefusalCode,
  type RulesToAdd,
} from '../../rule-versions/add-rule-file.js';
import type { Refusal } from '../../shared/refusal.js';
import { addFunders, type FunderRefusalCode } from '../add-funder.js';
import type { RuleFile } from './rule-file.rules.js';
import { type RuleRefusalCode, subsidyRules } from './subsidy-rules.js';

/** Brings a file of subsidy rules in, for the canteens beneath a facility. */
export function addSubsidyRules(
  manager: EntityManager,
  wanted: RulesToAdd<RuleFile>,
  now: Date,
): Promise<AddedRules | Refusal<RuleRefusalCode | FunderRefusalCode | FileRefusalCode>> {
  return addRuleFile(manager, subsidyRules, wanted, addFunders, now);
}

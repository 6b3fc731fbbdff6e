import { z } from 'zod';
import { fileCategories, fileSet, type ReadFile, readFileOf } from '../../rule-versions/rule-file.rules.js';
import { ruleCode } from '../../rule-versions/rule-terms.rules.js';
import type { Refusal } from '../../shared/refusal.js';
import { readRuleDocument } from './rule-checks.rules.js';
import type { RuleDocument } from './rule-language.rules.js';
import { funderLevels } from './rule-shares.rules.js';

const ruleFile = z.strictObject({
  categories: fileCategories,
  funders: z.array(
    z.strictObject({
      code: ruleCode,
      name: z.string(),
      level: z.enum(funderLevels).nullable(),
      divisionCode: z.string().nullable(),
    }),
  ),
  /** Each with the place that it is for, when no facility is named. */
  ruleSets: z.array(z.strictObject({ ...fileSet, division: z.string() })),
});

/** A city's rules as a file: who bears them, and each set with its versions and their days. */
export type RuleFile = ReadFile<z.infer<typeof ruleFile>, RuleDocument>;

/** Reads such a file; what is refused names the place in it. */
export function readRuleFile(text: string): RuleFile | Refusal<string> {
  return readFileOf(text, ruleFile, { readDocument: readRuleDocument });
}

import { z } from 'zod';
import { fileCategories, fileSet, type ReadFile, readFileOf } from '../rule-versions/rule-file.rules.js';
import { ruleCode } from '../rule-versions/rule-terms.rules.js';
import type { Refusal } from '../shared/refusal.js';
import { readHoursDocument } from './hours-checks.rules.js';
import type { HoursDocument } from './hours-language.rules.js';

const hoursFile = z.strictObject({
  categories: fileCategories,
  funders: z.array(z.strictObject({ code: ruleCode, name: z.string() })),
  ruleSets: z.array(z.strictObject(fileSet)),
});

/** A place's rules of hours as a file: who pays them, and each set with its versions and their days. */
export type HoursFile = ReadFile<z.infer<typeof hoursFile>, HoursDocument>;

/** Reads such a file; what is refused names the place in it. */
export function readHoursFile(text: string): HoursFile | Refusal<string> {
  return readFileOf(text, hoursFile, { readDocument: readHoursDocument });
}

import { z } from 'zod';
import { isDay } from '../../shared/china-time.js';
import { type Refusal, refuse } from '../../shared/refusal.js';
import { readRuleDocument } from './rule-checks.rules.js';
import type { RuleDocument } from './rule-language.rules.js';
import { funderLevels } from './rule-shares.rules.js';

const day = z.string().refine(isDay);
const code = z.string().regex(/^[A-Z0-9-]{1,32}$/);

/** A city's rules as a file: who bears them, and each set with its versions and their days. */
const ruleFile = z.strictObject({
  funders: z.array(
    z.strictObject({
      code,
      name: z.string(),
      level: z.enum(funderLevels).nullable(),
      divisionCode: z.string().nullable(),
    }),
  ),
  ruleSets: z.array(
    z.strictObject({
      code,
      /** The place that the set is for, when no facility is named. */
      division: z.string(),
      versions: z
        .array(z.strictObject({ fromDay: day, toDay: day.nullable(), document: z.unknown() }))
        .min(1),
    }),
  ),
});

export interface RuleFileVersion {
  fromDay: string;
  toDay: string | null;
  document: RuleDocument;
}

export interface RuleFile {
  funders: {
    code: string;
    name: string;
    level: (typeof funderLevels)[number] | null;
    divisionCode: string | null;
  }[];
  ruleSets: { code: string; division: string; versions: RuleFileVersion[] }[];
}

/** Reads such a file; what is refused names the place in it. */
export function readRuleFile(text: string): RuleFile | Refusal<string> {
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch {
    return refuse('DOCUMENT_INVALID', { zh: '不是可读的 JSON', en: 'The file is not JSON' }, ['file']);
  }
  const read = ruleFile.safeParse(given);
  if (!read.success) {
    const [issue] = read.error.issues;
    const path = ['file', ...(issue?.path ?? []).map(String)];
    return refuse('DOCUMENT_INVALID', { zh: '不合格式', en: issue?.message ?? 'is no rule file' }, path);
  }
  const ruleSets: RuleFile['ruleSets'] = [];
  for (const [index, set] of read.data.ruleSets.entries()) {
    const versions: RuleFileVersion[] = [];
    for (const [at, { document, ...days }] of set.versions.entries()) {
      const field = ['ruleSets', String(index), 'versions', String(at), 'document'];
      const checked = readRuleDocument(JSON.stringify(document) ?? '', field);
      if ('refused' in checked) return checked;
      versions.push({ ...days, document: checked });
    }
    ruleSets.push({ ...set, versions });
  }
  return { funders: read.data.funders, ruleSets };
}

import { z } from 'zod';
import { isDay } from '../shared/china-time.js';
import { type Refusal, refuse } from '../shared/refusal.js';
import { readHoursDocument } from './hours-checks.rules.js';
import { type HoursDocument, hoursCode } from './hours-language.rules.js';

const day = z.string().refine(isDay);

/** A place's rules of hours as a file: who pays them, and each set with its versions and their days. */
const hoursFile = z.strictObject({
  funders: z.array(z.strictObject({ code: hoursCode, name: z.string() })),
  ruleSets: z.array(
    z.strictObject({
      code: hoursCode,
      versions: z
        .array(z.strictObject({ fromDay: day, toDay: day.nullable(), document: z.unknown() }))
        .min(1),
    }),
  ),
});

export interface HoursFile {
  funders: { code: string; name: string }[];
  ruleSets: {
    code: string;
    versions: { fromDay: string; toDay: string | null; document: HoursDocument }[];
  }[];
}

/** Reads such a file; what is refused names the place in it. */
export function readHoursFile(text: string): HoursFile | Refusal<string> {
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch {
    return refuse('DOCUMENT_INVALID', { zh: '不是可读的 JSON', en: 'The file is not JSON' }, ['file']);
  }
  const read = hoursFile.safeParse(given);
  if (!read.success) {
    const [issue] = read.error.issues;
    const path = ['file', ...(issue?.path ?? []).map(String)];
    return refuse('DOCUMENT_INVALID', { zh: '不合格式', en: issue?.message ?? 'is no file of hours' }, path);
  }
  const ruleSets: HoursFile['ruleSets'] = [];
  for (const [index, { code, versions }] of read.data.ruleSets.entries()) {
    const checked: HoursFile['ruleSets'][number]['versions'] = [];
    for (const [at, { document, ...days }] of versions.entries()) {
      const field = ['ruleSets', String(index), 'versions', String(at), 'document'];
      const one = readHoursDocument(JSON.stringify(document) ?? '', field);
      if ('refused' in one) return one;
      checked.push({ ...days, document: one });
    }
    ruleSets.push({ code, versions: checked });
  }
  return { funders: read.data.funders, ruleSets };
}

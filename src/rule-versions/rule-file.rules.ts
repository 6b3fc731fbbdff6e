import { z } from 'zod';
import { keyTwice, readJson } from '../shared/read-json.js';
import { isRefusal, type Refusal, refuse } from '../shared/refusal.js';
import type { RuleKind } from './rule-kind.js';
import { inBoth, ruleCode, ruleDay } from './rule-terms.rules.js';

/** A version of a set as a file has it. */
export interface FileVersion<Document> {
  fromDay: string;
  toDay: string | null;
  document: Document;
}

/** A set of rules as a file has it, with its versions and their days. */
export interface FileSet<Document> {
  code: string;
  versions: FileVersion<Document>[];
}

/** What the file of every kind says of a set; its kind may ask for more. */
export const fileSet = {
  code: ruleCode,
  versions: z
    .array(z.strictObject({ fromDay: ruleDay, toDay: ruleDay.nullable(), document: z.unknown() }))
    .min(1),
};

/** What else the file of every kind may bring: categories of the city's own that its rules ask for. */
export const fileCategories = z.array(z.strictObject({ code: z.string(), name: inBoth })).optional();

/** A file as a kind writes it, before its documents are read. */
export interface WrittenFile {
  ruleSets: FileSet<unknown>[];
}

/** The same, with its documents read. */
export type ReadFile<File extends WrittenFile, Document> = Omit<File, 'ruleSets'> & {
  ruleSets: (Omit<File['ruleSets'][number], 'versions'> & FileSet<Document>)[];
};

/** Reads a file of rules; what is refused names the place in it. */
export function readFileOf<File extends WrittenFile, Document extends object, Code extends string>(
  text: string,
  format: z.ZodType<File>,
  { readDocument }: Pick<RuleKind<Document, Code>, 'readDocument'>,
): ReadFile<File, Document> | Refusal<Code | 'DOCUMENT_INVALID'> {
  const given = readJson(text);
  if (given === undefined) {
    return refuse('DOCUMENT_INVALID', { zh: '不是可读的 JSON', en: 'The file is not JSON' }, ['file']);
  }
  if ('twice' in given) return refuse('DOCUMENT_INVALID', keyTwice(given.twice), ['file', ...given.twice]);
  const read = format.safeParse(given.said);
  if (!read.success) {
    const [issue] = read.error.issues;
    const path = ['file', ...(issue?.path ?? []).map(String)];
    return refuse('DOCUMENT_INVALID', { zh: '不合格式', en: issue?.message ?? 'is no rule file' }, path);
  }
  const ruleSets: ReadFile<File, Document>['ruleSets'] = [];
  for (const [index, set] of read.data.ruleSets.entries()) {
    const versions: FileVersion<Document>[] = [];
    for (const [at, version] of set.versions.entries()) {
      const field = ['ruleSets', String(index), 'versions', String(at), 'document'];
      const document = readDocument(JSON.stringify(version.document) ?? '', field);
      if (isRefusal(document)) return document;
      versions.push({ ...version, document });
    }
    ruleSets.push({ ...set, versions });
  }
  return { ...read.data, ruleSets };
}

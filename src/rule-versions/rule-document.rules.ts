import { z } from 'zod';
import { keyTwice, readJson } from '../shared/read-json.js';
import { type Refusal, refuse } from '../shared/refusal.js';
import type { Text } from '../shared/text.js';

/** The most bytes that a document may have, as it is written and as it is kept; the column holds a little more. */
export const documentBytesMax = 60_000;
const depthMax = 24;

/** What is wrong, and where in the document. */
export interface Fault<Code extends string> {
  code: Code;
  path: readonly (string | number)[];
  text: Text;
}

export function fault<Code extends string>(
  code: Code,
  path: readonly (string | number)[],
  text: Text,
): Fault<Code> {
  return { code, path, text };
}

/** The fault of the first item that has one. */
export function first<Item, Code extends string>(
  items: readonly Item[],
  faultOf: (item: Item, index: number) => Fault<Code> | undefined,
): Fault<Code> | undefined {
  for (const [index, item] of items.entries()) {
    const found = faultOf(item, index);
    if (found) return found;
  }
  return undefined;
}

export const emptyInterval = {
  zh: '区间为空：起点须不大于终点',
  en: 'the interval is empty: it must begin before it ends',
};

/** The bound of an age or a level that lies before its beginning; undefined when neither does. */
export function emptyBound(who: {
  ageFrom?: number | undefined;
  ageTo?: number | undefined;
  abilityFrom?: number | undefined;
  abilityTo?: number | undefined;
}): 'ageTo' | 'abilityTo' | undefined {
  const { ageFrom = 0, ageTo = 150, abilityFrom = 0, abilityTo = 4 } = who;
  if (ageFrom > ageTo) return 'ageTo';
  return abilityFrom > abilityTo ? 'abilityTo' : undefined;
}

/** How the documents of one kind of rules are read. */
export interface DocumentReader<Document, Code extends string> {
  format: z.ZodType<Document>;
  /** The first fault of a well-formed document, in the order of its fields. */
  faultOf(document: Document): Fault<Code> | undefined;
  /** What the format refuses, where it is more than a wrong form. */
  codeOf?(issue: { code: string; path: readonly (string | number)[] }): Code | undefined;
}

/**
 * Reads a document of rules. What is refused names the field and writes nothing: text that is no such document,
 * and what its kind finds wrong with it.
 *
 * @param field where the document stands in the caller's input
 */
export function readDocument<Document, Code extends string>(
  text: string,
  field: readonly string[],
  reader: DocumentReader<Document, Code>,
): Document | Refusal<Code | 'DOCUMENT_INVALID'> {
  const refuseFault = ({ code, path, text: words }: Fault<Code | 'DOCUMENT_INVALID'>) =>
    refuse(code, words, [...field, ...path.map(String)]);
  if (isTooLong(text)) return refuseFault(tooLong);
  const given = isTooDeep(text) ? undefined : readJson(text);
  if (given === undefined) {
    const words = { zh: '不是可读的 JSON', en: 'is not JSON that can be read' };
    return refuseFault({ code: 'DOCUMENT_INVALID', path: [], text: words });
  }
  if ('twice' in given) {
    return refuseFault({ code: 'DOCUMENT_INVALID', path: given.twice, text: keyTwice(given.twice) });
  }
  const read = reader.format.safeParse(given.said);
  if (!read.success) return refuseFault(formFault(read.error, given.said, reader));
  // What is kept is written anew, and 1e8 is 100000000 there.
  if (isTooLong(JSON.stringify(read.data))) return refuseFault(tooLong);
  const fault = reader.faultOf(read.data);
  return fault ? refuseFault(fault) : read.data;
}

function isTooLong(text: string): boolean {
  return Buffer.byteLength(text) > documentBytesMax;
}

const tooLong: Fault<'DOCUMENT_INVALID'> = {
  code: 'DOCUMENT_INVALID',
  path: [],
  text: {
    zh: `规则文本最多 ${documentBytesMax} 字节，数字按全部位数计`,
    en: `at most ${documentBytesMax} bytes, with all digits of its numbers`,
  },
};

/** What nests deeper than any rule does could end the stack of whoever reads it. */
function isTooDeep(text: string): boolean {
  let depth = 0;
  for (const character of text) {
    if (character === '{' || character === '[') depth += 1;
    if (character === '}' || character === ']') depth -= 1;
    if (depth > depthMax) return true;
  }
  return false;
}

function formFault<Document, Code extends string>(
  error: z.ZodError,
  given: unknown,
  { format, codeOf }: DocumentReader<Document, Code>,
): Fault<Code | 'DOCUMENT_INVALID'> {
  const [issue] = error.issues;
  const path = (issue?.path ?? []).map((part) => (typeof part === 'number' ? part : String(part)));
  const again = format.safeParse(given, { error: z.locales.zhCN().localeError });
  const zh = again.error?.issues[0]?.message ?? '不合格式';
  return {
    code: codeOf?.({ code: issue?.code ?? '', path }) ?? 'DOCUMENT_INVALID',
    path,
    text: { zh, en: issue?.message ?? 'is not in the format' },
  };
}

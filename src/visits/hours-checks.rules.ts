import { z } from 'zod';
import { type Refusal, refuse } from '../shared/refusal.js';
import type { Text } from '../shared/text.js';
import { type HoursDocument, type HoursGrantRule, hoursDocument } from './hours-language.rules.js';

export type HoursDocumentRefusalCode =
  | 'DOCUMENT_INVALID'
  | 'INTERVAL_INVALID'
  | 'CODE_REUSED'
  | 'SHARES_INVALID'
  | 'FUNDER_UNKNOWN';

/** The most bytes that a document may have; the column that keeps it holds a little more. */
export const hoursDocumentBytesMax = 60_000;

interface Fault {
  code: HoursDocumentRefusalCode;
  path: readonly (string | number)[];
  text: Text;
}

/**
 * Reads a document of rules of hours. What is refused names the field and writes nothing.
 *
 * @param field where the document stands in the caller's input
 */
export function readHoursDocument(
  text: string,
  field: readonly string[],
): HoursDocument | Refusal<HoursDocumentRefusalCode> {
  const refused = ({ code, path, text: words }: Fault) =>
    refuse(code, words, [...field, ...path.map(String)]);
  if (Buffer.byteLength(text) > hoursDocumentBytesMax) {
    const words = {
      zh: `规则文本最多 ${hoursDocumentBytesMax} 字节`,
      en: `at most ${hoursDocumentBytesMax} bytes`,
    };
    return refused({ code: 'DOCUMENT_INVALID', path: [], text: words });
  }
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch {
    const words = { zh: '不是可读的 JSON', en: 'is not JSON that can be read' };
    return refused({ code: 'DOCUMENT_INVALID', path: [], text: words });
  }
  const read = hoursDocument.safeParse(given);
  if (!read.success) return refused(formFault(read.error, given));
  const fault = faultOf(read.data);
  return fault ? refused(fault) : read.data;
}

function formFault(error: z.ZodError, given: unknown): Fault {
  const [issue] = error.issues;
  const path = (issue?.path ?? []).map((part) => (typeof part === 'number' ? part : String(part)));
  const again = hoursDocument.safeParse(given, { error: z.locales.zhCN().localeError });
  const zh = again.error?.issues[0]?.message ?? '不合格式';
  return { code: 'DOCUMENT_INVALID', path, text: { zh, en: issue?.message ?? 'is not in the format' } };
}

/** The first fault of a well-formed document, in the order of its fields. */
function faultOf({ grants }: HoursDocument): Fault | undefined {
  for (const [index, grant] of grants.entries()) {
    const path = ['grants', index];
    if (grants.findIndex(({ code }) => code === grant.code) < index) {
      return {
        code: 'CODE_REUSED',
        path: [...path, 'code'],
        text: { zh: '编码重复', en: 'the code is used twice' },
      };
    }
    const fault = emptyWho(grant, path) ?? sharesFault(grant, path);
    if (fault) return fault;
  }
  return undefined;
}

function emptyWho({ who }: HoursGrantRule, path: (string | number)[]): Fault | undefined {
  const { anyOf = [], noneOf = [], ...plain } = who ?? {};
  const all = [
    { one: plain, at: ['who'] },
    ...anyOf.map((one, index) => ({ one, at: ['who', 'anyOf', index] })),
    ...noneOf.map((one, index) => ({ one, at: ['who', 'noneOf', index] })),
  ];
  const text = {
    zh: '区间为空：起点须不大于终点',
    en: 'the interval is empty: it must begin before it ends',
  };
  for (const { one, at } of all) {
    const { ageFrom = 0, ageTo = 150, abilityFrom = 0, abilityTo = 4 } = one;
    if (ageFrom > ageTo) return { code: 'INTERVAL_INVALID', path: [...path, ...at, 'ageTo'], text };
    if (abilityFrom > abilityTo) {
      return { code: 'INTERVAL_INVALID', path: [...path, ...at, 'abilityTo'], text };
    }
  }
  return undefined;
}

function sharesFault({ borneBy }: HoursGrantRule, path: (string | number)[]): Fault | undefined {
  const funders = borneBy.map(({ funder }) => funder);
  const whole = borneBy.reduce((sum, { percent }) => sum + Math.round(percent * 100), 0);
  if (whole === 10_000 && new Set(funders).size === funders.length) return undefined;
  const text = {
    zh: '各出资方的比例之和须为 100%，且不得重复',
    en: 'the per cents of the funders come to 100, each funder once',
  };
  return { code: 'SHARES_INVALID', path: [...path, 'borneBy'], text };
}

/** The first funder that is not there. */
export function unknownHoursFunder(
  { grants }: HoursDocument,
  known: ReadonlySet<string>,
): Refusal<'FUNDER_UNKNOWN'> | undefined {
  for (const [index, { borneBy }] of grants.entries()) {
    const at = borneBy.findIndex(({ funder }) => !known.has(funder));
    if (at < 0) continue;
    const text = { zh: '没有此编码的出资方', en: 'there is no funder of this code' };
    return refuse('FUNDER_UNKNOWN', text, ['document', 'grants', `${index}`, 'borneBy', `${at}`, 'funder']);
  }
  return undefined;
}

import {
  emptyBound,
  emptyInterval,
  type Fault,
  fault,
  readDocument,
} from '../rule-versions/rule-document.rules.js';
import { type Refusal, refuse } from '../shared/refusal.js';
import { type HoursDocument, type HoursGrantRule, hoursDocument } from './hours-language.rules.js';

export type HoursDocumentRefusalCode =
  | 'DOCUMENT_INVALID'
  | 'INTERVAL_INVALID'
  | 'CODE_REUSED'
  | 'SHARES_INVALID'
  | 'FUNDER_UNKNOWN';

type HoursFault = Fault<HoursDocumentRefusalCode>;

/**
 * Reads a document of rules of hours. What is refused names the field and writes nothing.
 *
 * @param field where the document stands in the caller's input
 */
export function readHoursDocument(
  text: string,
  field: readonly string[],
): HoursDocument | Refusal<HoursDocumentRefusalCode> {
  return readDocument<HoursDocument, HoursDocumentRefusalCode>(text, field, {
    format: hoursDocument,
    faultOf,
  });
}

/** The first fault of a well-formed document, in the order of its fields. */
function faultOf({ grants }: HoursDocument): HoursFault | undefined {
  for (const [index, grant] of grants.entries()) {
    const path = ['grants', index];
    if (grants.findIndex(({ code }) => code === grant.code) < index) {
      const text = { zh: '编码重复', en: 'the code is used twice' };
      return fault('CODE_REUSED', [...path, 'code'], text);
    }
    const found = emptyWho(grant, path) ?? sharesFault(grant, path);
    if (found) return found;
  }
  return undefined;
}

function emptyWho({ who }: HoursGrantRule, path: (string | number)[]): HoursFault | undefined {
  const { anyOf = [], noneOf = [], ...plain } = who ?? {};
  const all = [
    { one: plain, at: ['who'] },
    ...anyOf.map((one, index) => ({ one, at: ['who', 'anyOf', index] })),
    ...noneOf.map((one, index) => ({ one, at: ['who', 'noneOf', index] })),
  ];
  for (const { one, at } of all) {
    const bound = emptyBound(one);
    if (bound) return fault('INTERVAL_INVALID', [...path, ...at, bound], emptyInterval);
  }
  return undefined;
}

function sharesFault({ borneBy }: HoursGrantRule, path: (string | number)[]): HoursFault | undefined {
  const funders = borneBy.map(({ funder }) => funder);
  const whole = borneBy.reduce((sum, { percent }) => sum + Math.round(percent * 100), 0);
  if (whole === 10_000 && new Set(funders).size === funders.length) return undefined;
  const text = {
    zh: '各出资方的比例之和须为 100%，且不得重复',
    en: 'the per cents of the funders come to 100, each funder once',
  };
  return fault('SHARES_INVALID', [...path, 'borneBy'], text);
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

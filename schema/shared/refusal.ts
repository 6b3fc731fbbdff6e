import type { Refusal } from '../../src/shared/refusal.js';
import type { Language } from '../../src/shared/text.js';

/**
 * What the audit log calls a look at something that does not exist or lies out of the caller's scope: it is not told
 * which, as the answer does not tell either.
 */
export const notFound = 'NOT_FOUND';

/** A refusal as its type in the graph shows it: the message names the field, so a log line alone tells all. */
export interface ShownRefusal<Code extends string> {
  code: Code;
  message: string;
  field: readonly string[] | null;
}

export function shownRefusal<Code extends string>(
  { refused, message, field }: Refusal<Code>,
  language: Language,
): ShownRefusal<Code> {
  const text = message[language];
  return { code: refused, message: field ? `${field.join('.')}: ${text}` : text, field };
}

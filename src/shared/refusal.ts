import type { Text } from './text.js';

/** An expected refusal: the caller gets it as a result, and nothing was written. */
export interface Refusal<Code extends string> {
  refused: Code;
  message: Text;
  /** The path of the input at fault, such as ['input', 'divisionCode']; null when no one field is. */
  field: readonly string[] | null;
}

export function refuse<Code extends string>(
  refused: Code,
  message: Text,
  field: readonly string[] | null = null,
): Refusal<Code> {
  return { refused, message, field };
}

export function isRefusal<Code extends string>(result: object | Refusal<Code>): result is Refusal<Code> {
  return 'refused' in result;
}

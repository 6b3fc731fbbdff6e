import { type DocumentNode, parse, print } from 'graphql';
import { operationLimits } from './operation-limits.js';

/**
 * A document without what changes nothing: blanks, commas, comments and the order of its definitions. Undefined
 * for a text that is none.
 */
export function normalOperation(text: string): string | undefined {
  try {
    return normalDocument(parse(text, { noLocation: true, maxTokens: operationLimits.tokens }));
  } catch {
    return undefined;
  }
}

export function normalDocument({ definitions }: DocumentNode): string {
  return definitions
    .map((definition) => print(definition))
    .sort()
    .join('\n');
}

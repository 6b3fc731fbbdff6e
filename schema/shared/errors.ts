import { GraphQLError } from 'graphql';
import type { Language, Text } from '../../src/shared/text.js';

/**
 * The errors that are thrown rather than returned: a missing proof of identity, a missing permission, and
 * input that no result type has a place for.
 */
export type ErrorCode = 'UNAUTHENTICATED' | 'FORBIDDEN' | 'BAD_USER_INPUT';

const texts = {
  UNAUTHENTICATED: { zh: '令牌缺失、未知或已吊销', en: 'The token is missing, unknown or revoked' },
  FORBIDDEN: { zh: '您没有此项权限', en: 'You may not do this' },
} satisfies Record<Exclude<ErrorCode, 'BAD_USER_INPUT'>, Text>;

export function unauthenticated(language: Language): GraphQLError {
  return coded('UNAUTHENTICATED', texts.UNAUTHENTICATED[language]);
}

export function forbidden(language: Language): GraphQLError {
  return coded('FORBIDDEN', texts.FORBIDDEN[language]);
}

/** `field` is the path of the argument at fault, such as ['input', 'cardUid']. */
export function badUserInput(field: readonly string[], text: Text, language: Language): GraphQLError {
  return coded('BAD_USER_INPUT', `${field.join('.')}: ${text[language]}`, { field });
}

function coded(code: ErrorCode, message: string, more: Record<string, unknown> = {}): GraphQLError {
  return new GraphQLError(message, { extensions: { code, ...more } });
}

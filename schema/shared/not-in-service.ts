import type { Context } from '../context.js';
import { notInService } from './errors.js';
import { type Connection, connectionOf, readPage } from './paging.js';

/**
 * The body of every operation of an area that is in the contract and not built yet: it says so openly.
 *
 * @throws GraphQLError with extensions.code NOT_IN_SERVICE, always
 */
export function answerNotInService(context: Context): never {
  throw notInService(context.language);
}

/**
 * The answer of an edge to rows that no part of the platform can register yet. No bed exists as long as no
 * operation makes one, so an empty page is the truth here and not a stand-in for it. The
 * operations themselves refuse, because an empty answer of theirs could be taken for a search that found nothing.
 *
 * @throws GraphQLError with extensions.code BAD_USER_INPUT when `first` or `after` is none of a connection
 */
export function nothingRegistered(
  first: number,
  after: string | undefined,
  context: Context,
): Connection<never> {
  readPage(first, after, context.language);
  return connectionOf<never>([], first, async () => 0);
}

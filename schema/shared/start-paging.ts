import type { Language } from '../../src/shared/text.js';
import { badUserInput } from './errors.js';
import { type Connection, connectionOf, readPage } from './paging.js';

/** A page of rows in order of start, rows of one start in the order of their ids. */
export interface StartPage {
  first: number;
  after: { startsAt: Date; id: number } | undefined;
}

/** Like readPage, for connections whose cursors name a start beside an id. */
export function readStartPage(
  first: number,
  after: string | null | undefined,
  language: Language,
): StartPage {
  const size = readPage(first, null, language).first;
  if (after === null || after === undefined) return { first: size, after: undefined };
  const [, startsAt, id] =
    /^at:(-?\d{1,15}):(\d{1,15})$/.exec(Buffer.from(after, 'base64url').toString('utf8')) ?? [];
  if (startsAt === undefined || id === undefined) {
    const text = { zh: '不是有效的游标', en: 'is not a cursor of this connection' };
    throw badUserInput(['after'], text, language);
  }
  return { first: size, after: { startsAt: new Date(Number(startsAt)), id: Number(id) } };
}

/** Cuts a page out of the rows that were read, one more than asked for. */
export function startConnectionOf<Node extends { id: number; startsAt: Date }>(
  rows: readonly Node[],
  first: number,
  totalCount: () => Promise<number>,
): Connection<Node> {
  const connection = connectionOf(rows, first, totalCount);
  const last = connection.nodes.at(-1);
  const endCursor = last
    ? Buffer.from(`at:${last.startsAt.getTime()}:${last.id}`).toString('base64url')
    : null;
  return { ...connection, pageInfo: { ...connection.pageInfo, endCursor } };
}

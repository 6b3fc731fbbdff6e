import { Field, ObjectType } from 'type-graphql';
import type { Language } from '../../src/shared/text.js';
import { badUserInput } from './errors.js';

/** The most nodes that one page may hold. */
export const pageSizeMax = 200;

@ObjectType({ simpleResolvers: true, description: 'Where a page ends and whether another follows.' })
export class PageInfo {
  @Field({ description: 'True when there are nodes after this page.' })
  hasNextPage!: boolean;

  @Field(() => String, {
    nullable: true,
    description: 'Give it as `after` to get the next page; null on an empty page.',
  })
  endCursor!: string | null;
}

/** The page asked for: at most `first` rows whose id is greater than `afterId`. */
export interface Page {
  first: number;
  afterId: number;
}

/** Reads the paging arguments of a connection; a size out of range or a foreign cursor is refused by name. */
export function readPage(first: number, after: string | null | undefined, language: Language): Page {
  if (first < 0 || first > pageSizeMax) {
    const range = `0-${pageSizeMax}`;
    throw badUserInput(['first'], { zh: `须在 ${range} 之间`, en: `must be within ${range}` }, language);
  }
  if (after === null || after === undefined) return { first, afterId: 0 };
  const id = /^id:(\d{1,15})$/.exec(Buffer.from(after, 'base64url').toString('utf8'))?.[1];
  if (id === undefined) {
    throw badUserInput(
      ['after'],
      { zh: '不是有效的游标', en: 'is not a cursor of this connection' },
      language,
    );
  }
  return { first, afterId: Number(id) };
}

export function cursorOf(id: number): string {
  return Buffer.from(`id:${id}`).toString('base64url');
}

/** A connection over rows in the order of their ids; totalCount is asked for only when the query names it. */
export interface Connection<Node> {
  nodes: Node[];
  pageInfo: PageInfo;
  totalCount: number | (() => Promise<number>);
}

/** Cuts a page out of the rows that were read, one more than asked for: that one tells of a next page. */
export function connectionOf<Node extends { id: number }>(
  rows: readonly Node[],
  first: number,
  totalCount: () => Promise<number>,
): Connection<Node> {
  const nodes = rows.slice(0, first);
  const last = nodes.at(-1);
  return {
    nodes,
    pageInfo: { hasNextPage: rows.length > first, endCursor: last ? cursorOf(last.id) : null },
    totalCount,
  };
}

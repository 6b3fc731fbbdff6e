import { randomUUID } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import {
  coerceInputValue,
  type DocumentNode,
  type GraphQLInputType,
  GraphQLNonNull,
  type GraphQLSchema,
  isInputObjectType,
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
} from 'graphql';

/** What is wrong with taps that could not be read: the field at fault, null when the item is no tap at all, by its mark. */
export type UnreadableSwipes = ReadonlyMap<string, string | null>;

/** More than an upload may hold is refused as a whole anyway. */
const itemsMax = 500;

const setAside = new WeakMap<object, UnreadableSwipes>();

/** The taps of a request, known by its own object, that were set aside; undefined when all could be read, which is nearly always. */
export function unreadableIn(request: object): UnreadableSwipes | undefined {
  return setAside.get(request);
}

/**
 * Makes an upload readable that GraphQL refused because of a value of another type in some of its taps: each of these
 * becomes one that is malformed by the business's own rules, so that it is answered by itself and its neighbours are
 * recorded. True when there was such a tap, and then nothing of the request ran, so that it may be asked again.
 */
export function setUnreadableAside(request: FastifyRequest, schema: GraphQLSchema): boolean {
  const body = request.body as { query?: unknown; variables?: unknown; operationName?: unknown } | null;
  const type = schema.getType('SwipeInput');
  if (typeof body?.query !== 'string' || !isRecord(body.variables) || !isInputObjectType(type)) return false;
  const marks = new Map<string, string | null>();
  const variables: Record<string, unknown> = { ...body.variables };
  for (const name of uploadsIn(body.query, body.operationName)) {
    const items = Object.hasOwn(body.variables, name) ? body.variables[name] : undefined;
    if (!Array.isArray(items) || items.length > itemsMax) continue;
    variables[name] = items.map((item: unknown) => readable(item, new GraphQLNonNull(type), marks));
  }
  if (marks.size === 0) return false;
  request.body = { ...body, variables };
  setAside.set(request, marks);
  return true;
}

/** The variables of the operation that hold a list of taps. */
function uploadsIn(query: string, operationName: unknown): string[] {
  const operations = documentOf(query)?.definitions.filter(
    (each): each is OperationDefinitionNode => each.kind === Kind.OPERATION_DEFINITION,
  );
  const operation = operations?.find(
    ({ name }) => typeof operationName !== 'string' || name?.value === operationName,
  );
  return (operation?.variableDefinitions ?? [])
    .filter(({ type }) => /^\[SwipeInput!\]!?$/.test(print(type)))
    .map(({ variable }) => variable.name.value);
}

function documentOf(query: string): DocumentNode | undefined {
  try {
    return parse(query, { noLocation: true });
  } catch {
    // It was refused for that, and is so again by its own answer.
    return undefined;
  }
}

/** The item as it is, or a malformed tap in its place, which is known by its mark. */
function readable(item: unknown, type: GraphQLInputType, marks: Map<string, string | null>): unknown {
  let fault: string | null | undefined;
  coerceInputValue(item, type, ([field], _value, { message }) => {
    if (fault !== undefined) return;
    fault = typeof field === 'string' ? field : (/^Field "(\w+)" /.exec(message)?.[1] ?? null);
  });
  if (fault === undefined) return item;
  // Longer than any card's, so no reader can have sent it.
  const cardUid = `unreadable ${randomUUID()}`;
  marks.set(cardUid, fault);
  return { swipeId: idIn(item), sequence: 0, cardUid, swipedAt: noInstant, grossFen: 0, offline: true };
}

const noInstant = '2000-01-01T00:00:00Z';

/** The reader finds its tap again by the id that it gave, if that is one. */
function idIn(item: unknown): string {
  const id = isRecord(item) ? item.swipeId : undefined;
  return typeof id === 'string' || typeof id === 'number' ? String(id) : '';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

import type { FastifyBaseLogger } from 'fastify';
import { GraphQLError, type GraphQLFormattedError, Kind, type Token, TokenKind } from 'graphql';
import type { Language, Text } from '../shared/text.js';

const valueKinds = new Set<Kind>([
  Kind.INT,
  Kind.FLOAT,
  Kind.STRING,
  Kind.BOOLEAN,
  Kind.NULL,
  Kind.ENUM,
  Kind.LIST,
  Kind.OBJECT,
]);
const opening = new Set<TokenKind>([TokenKind.PAREN_L, TokenKind.BRACKET_L, TokenKind.BRACE_L]);
const closing = new Set<TokenKind>([TokenKind.PAREN_R, TokenKind.BRACKET_R, TokenKind.BRACE_R]);

/** The request that an error belongs to, as far as its answer and its log line speak of it. */
export interface FailedRequest {
  requestId: string;
  language: Language;
  operation: string | undefined;
}

const internalError: Text = {
  zh: '系统内部错误,请稍后重试',
  en: 'An internal error; please try again later',
};

/**
 * Turns errors into answers. An error that nobody foresaw is logged whole and answered without a word of
 * its own; one about the caller's input names the field at fault in extensions.field.
 */
export class GraphqlErrors {
  /** Apollo formats an error without saying for which request, so that is noted when the error turns up. */
  private readonly requests = new WeakMap<object, FailedRequest>();

  constructor(
    private readonly log: FastifyBaseLogger,
    /** Whether answers may say what a misspelt name could have been. */
    private readonly shows: { suggestions: boolean },
  ) {}

  note(error: unknown, request: FailedRequest): void {
    if (typeof error === 'object' && error !== null) this.requests.set(error, request);
  }

  /** Apollo's formatError. Every error names its request, under which the log may have more. */
  readonly format = (formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError => {
    const { message, extensions, ...place } = this.told(formatted, error);
    const requestId = this.noted(error)?.requestId;
    return {
      message: this.shows.suggestions ? message : message.replace(/ ?Did you mean [^?]*\?/, ''),
      ...place,
      extensions: { ...extensions, ...(requestId === undefined ? {} : { requestId }) },
    };
  };

  private told(formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError {
    const code = formatted.extensions?.code;
    if (code === 'BAD_USER_INPUT') return withField(formatted, error);
    if (code === 'GRAPHQL_VALIDATION_FAILED') return withLiteral(formatted, error);
    if (code !== 'INTERNAL_SERVER_ERROR') return formatted;
    const original = error instanceof GraphQLError ? (error.originalError ?? error) : error;
    if (original instanceof GraphQLError && isInputError(original)) return badInput(formatted);
    return this.unexpected(formatted, original, this.noted(error));
  }

  /** The request of an error, or of the one that was thrown and that it wraps. */
  private noted(error: unknown): FailedRequest | undefined {
    if (typeof error !== 'object' || error === null) return undefined;
    const original = error instanceof GraphQLError ? error.originalError : undefined;
    return this.requests.get(error) ?? (original ? this.requests.get(original) : undefined);
  }

  private unexpected(
    { path }: GraphQLFormattedError,
    original: unknown,
    request: FailedRequest | undefined,
  ): GraphQLFormattedError {
    const { requestId, operation, language = 'zh' } = request ?? {};
    this.log.error({ err: original, requestId, operation, path: path?.join('.') }, 'unexpected error');
    return {
      message: internalError[language],
      ...(path ? { path } : {}),
      extensions: { code: 'INTERNAL_SERVER_ERROR' },
    };
  }
}

/**
 * GraphQL checks some arguments only while it executes, and gives such an error no code; nor one to the last line
 * that it writes of variables with more faults than it names.
 */
function isInputError({ message, extensions }: GraphQLError): boolean {
  return (
    extensions.code === undefined && /^(?:Argument "|Too many errors processing variables)/.test(message)
  );
}

function badInput(formatted: GraphQLFormattedError): GraphQLFormattedError {
  const name = /^Argument "(\w+)"/.exec(formatted.message)?.[1];
  return { ...formatted, extensions: { code: 'BAD_USER_INPUT', field: name ? [name] : [] } };
}

/** A variable that could not be read: its message says `at "inputs[3].swipedAt"`, or names the variable alone. */
function withField(formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError {
  const node = error instanceof GraphQLError ? error.nodes?.[0] : undefined;
  if (node?.kind !== 'VariableDefinition') return formatted;
  const variable = node.variable.name.value;
  const path = new RegExp(` at "(${variable}(?:\\.\\w+|\\[\\d+\\])*)"; `).exec(formatted.message)?.[1];
  const field = (path ?? variable).match(/\w+/g) ?? [];
  const within = /; Field "(\w+)" /.exec(formatted.message)?.[1];
  return {
    ...formatted,
    extensions: { ...formatted.extensions, field: within ? [...field, within] : field },
  };
}

/** A value in the query itself that could not be read is bad input too, at the argument that it was given to. */
function withLiteral(formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError {
  const node = error instanceof GraphQLError ? error.nodes?.[0] : undefined;
  if (!node?.loc || !valueKinds.has(node.kind)) return formatted;
  const extensions = {
    ...formatted.extensions,
    code: 'BAD_USER_INPUT',
    field: namesBefore(node.loc.startToken),
  };
  return { ...formatted, extensions };
}

/** The names that lead to a value, back from it to the bracket of its arguments; places in a list are left out. */
function namesBefore(value: Token): string[] {
  const names: string[] = [];
  let closed = 0;
  let named = false;
  for (let token = value.prev; token; token = token.prev) {
    if (closing.has(token.kind)) closed += 1;
    else if (opening.has(token.kind) && closed > 0) closed -= 1;
    else if (token.kind === TokenKind.PAREN_L) break;
    else if (token.kind === TokenKind.BRACE_L) named = false;
    else if (token.kind === TokenKind.COLON && closed === 0 && !named) {
      names.unshift(token.prev?.value ?? '');
      named = true;
    }
  }
  return names;
}

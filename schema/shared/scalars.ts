import { GraphQLScalarType, Kind, type ValueNode } from 'graphql';
import { isDay } from '../../src/shared/china-time.js';

/**
 * Money in fen. Numbers only: a string would hide a reader that formats its own amounts. A bad value is a
 * TypeError here as in the other scalars, because graphql adds the place in the query to any error but its own.
 */
export const FenScalar = new GraphQLScalarType<number, number>({
  name: 'Fen',
  description: 'Money in fen, 1/100 yuan: a signed integer within the 53-bit safe range.',
  serialize: (value) => safeFen(Number(value)),
  parseValue: safeFen,
  parseLiteral: (node) => safeFen(node.kind === Kind.INT ? Number(node.value) : textOf(node)),
});

export const DateScalar = new GraphQLScalarType<string, string>({
  name: 'Date',
  description: 'A calendar day in China Standard Time, YYYY-MM-DD.',
  // What comes out of the database or the rules is a day already.
  serialize: String,
  parseValue: day,
  parseLiteral: (node) => day(textOf(node)),
});

export const DateTimeScalar = new GraphQLScalarType<Date, string>({
  name: 'DateTime',
  description: 'An instant, ISO 8601 with an offset.',
  serialize: (value) => (value as Date).toISOString(),
  parseValue: instant,
  parseLiteral: (node) => instant(textOf(node)),
});

function safeFen(value: unknown): number {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  throw new TypeError('Fen must be an integer within the 53-bit safe range');
}

function day(value: unknown): string {
  if (typeof value === 'string' && isDay(value)) return value;
  throw new TypeError('Date must be a day of the calendar, written YYYY-MM-DD');
}

const withOffset = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/;

function instant(value: unknown): Date {
  if (typeof value === 'string' && withOffset.test(value) && isDay(value.slice(0, 10))) {
    const parsed = new Date(value);
    if (!Number.isNaN(parsed.getTime())) return parsed;
  }
  throw new TypeError('DateTime must be ISO 8601 with an offset, such as 2026-11-02T11:32:05+08:00');
}

function textOf(node: ValueNode): unknown {
  return node.kind === Kind.STRING ? node.value : undefined;
}

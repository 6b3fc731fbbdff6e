/** With which code and reason this server ends a connection. docs/live-updates.md says what a client does then. */
export const liveCodes = {
  leaving: [1001, 'Going away'],
  later: [1013, 'Try again later'],
  malformed: [4400, 'Invalid message received'],
  unauthenticated: [4401, 'Unauthorized'],
  tokenOver: [4403, 'Forbidden'],
  tooManyConnections: [4450, 'Too many connections'],
  tooManyMessages: [4451, 'Too many messages'],
  idle: [4452, 'No subscription'],
  tooSlow: [4453, 'Reads too slowly'],
  internal: [4500, 'Internal server error'],
} as const satisfies Record<string, readonly [number, string]>;

export type LiveClosing = (typeof liveCodes)[keyof typeof liveCodes];

/** Those of the protocols beneath: RFC 6455's, and graphql-transport-ws's own. */
const protocolCodes = [1000, 1002, 1003, 1005, 1006, 1007, 1008, 1009, 1011, 4406, 4408, 4409, 4429];

const known = new Set<number>([...protocolCodes, ...Object.values(liveCodes).map(([code]) => code)]);

/** Clients close with whatever code they like, and a series for each of thousands would be too many. */
export function labelOf(code: number): string {
  return known.has(code) ? String(code) : 'other';
}

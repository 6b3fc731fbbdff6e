import { type Dispatcher, Pool } from 'undici';
import { z } from 'zod';

/** What came of a request. Without an answer nobody knows whether it was done. */
export type Reply<Data> =
  | { kind: 'DATA'; data: Data; dateMs: number | undefined }
  | { kind: 'NO_ANSWER'; reason: string; retryAfterMs: number }
  | { kind: 'KEY_REFUSED'; reason: string }
  | { kind: 'NOT_UNDERSTOOD'; reason: string };

export interface Operation<Data> {
  query: string;
  /** What an answer must look like: what a stranger on the way says instead is no answer. */
  shape: z.ZodType<Data>;
}

const bodyMax = 32 << 20;
/** Of this program, for the managers' list of readers. */
const version = 'reference-1';

const errorShape = z.object({
  message: z.string(),
  extensions: z
    .looseObject({ code: z.string().optional(), retryAfterSeconds: z.number().optional() })
    .optional(),
});
const answerShape = z.object({
  data: z.unknown().optional(),
  errors: z.array(errorShape).optional(),
});

/** Speaks to the public HTTP API. Every failure is a reply, because a reader has to live with each of them. */
export class ServerClient {
  private readonly pool: Pool;
  private readonly path: string;

  constructor(
    url: string,
    private readonly token: string,
    private readonly now: () => Date | undefined,
  ) {
    const { origin, pathname } = new URL(url);
    this.path = pathname;
    this.pool = new Pool(origin, { connections: 4, maxResponseSize: bodyMax });
  }

  /** @param deadlineMs after which there is no answer */
  async ask<Data>(
    { query, shape }: Operation<Data>,
    variables: object,
    deadlineMs: number,
  ): Promise<Reply<Data>> {
    const now = this.now();
    try {
      const { statusCode, headers, body } = await this.pool.request({
        method: 'POST',
        path: this.path,
        headers: {
          'content-type': 'application/json',
          'accept-language': 'zh',
          authorization: `Bearer ${this.token}`,
          'x-reader-version': version,
          ...(now ? { 'x-reader-clock': now.toISOString() } : {}),
        },
        body: JSON.stringify({ query, variables }),
        signal: AbortSignal.timeout(deadlineMs),
      });
      const text = await body.text();
      return replyOf(shape, { statusCode, text, dateMs: dateOf(headers.date) });
    } catch (error) {
      const { code, name, message } = error as Error & { code?: string };
      return { kind: 'NO_ANSWER', reason: code?.toString() ?? `${name}: ${message}`, retryAfterMs: 0 };
    }
  }

  /** Does not wait for what is under way. */
  close(): Promise<void> {
    return this.pool.destroy();
  }
}

interface Received {
  statusCode: number;
  text: string;
  dateMs: number | undefined;
}

/** Exported for its table of cases. */
export function replyOf<Data>(shape: z.ZodType<Data>, { statusCode, text, dateMs }: Received): Reply<Data> {
  const none = (reason: string, retryAfterMs = 0): Reply<Data> => ({
    kind: 'NO_ANSWER',
    reason,
    retryAfterMs,
  });
  const answer = answerShape.safeParse(jsonOf(text));
  if (!answer.success) return statusCode === 413 ? tooLarge : none(`HTTP ${statusCode}, not GraphQL`);
  const [error] = answer.data.errors ?? [];
  if (error) {
    const { code = '', retryAfterSeconds = 1 } = error.extensions ?? {};
    if (code === 'RATE_LIMITED') return none(code, retryAfterSeconds * 1000);
    if (keyCodes.has(code)) return { kind: 'KEY_REFUSED', reason: error.message };
    if (inputCodes.has(code)) return { kind: 'NOT_UNDERSTOOD', reason: `${code}: ${error.message}` };
    return none(code || error.message);
  }
  if (statusCode >= 500) return none(`HTTP ${statusCode}`);
  const data = shape.safeParse(answer.data.data);
  if (!data.success) return none('an answer to something else');
  return { kind: 'DATA', data: data.data, dateMs };
}

const tooLarge = { kind: 'NOT_UNDERSTOOD', reason: 'HTTP 413' } as const;
/** Whoever is refused these is not this canteen's reader, or no longer. */
const keyCodes = new Set(['UNAUTHENTICATED', 'FORBIDDEN']);
const inputCodes = new Set([
  'BAD_USER_INPUT',
  'BODY_TOO_LARGE',
  'BAD_REQUEST',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_UNKNOWN',
]);

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Such as the page of a network that wants to be signed in to.
    return undefined;
  }
}

function dateOf(header: Dispatcher.ResponseData['headers'][string]): number | undefined {
  const ms = typeof header === 'string' ? Date.parse(header) : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms;
}

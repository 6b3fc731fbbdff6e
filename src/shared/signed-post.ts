import { createHmac } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

const answerMsMax = 5000;

/** A receiver answered, and not that it took what was posted. */
export class PostRefused extends Error {
  constructor(
    what: string,
    readonly status: number,
  ) {
    super(`the receiver of ${what} answered ${status}`);
  }
}

/** HMAC-SHA-256 of a text in hexadecimal, in the form in which receivers find it in a header. */
export function signatureOf(text: string, secret: string): string {
  return `sha256=${createHmac('sha256', secret).update(text).digest('hex')}`;
}

/**
 * Posts JSON once and waits a few seconds for the answer, of which only the status matters. A redirect is
 * not followed: what is posted is meant for the receiver that was set.
 *
 * @param what names the content in an error, which holds nothing of it
 */
export async function postJson(
  url: string,
  { body, headers, what }: { body: string; headers: Record<string, string>; what: string },
): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
    redirect: 'error',
    signal: AbortSignal.timeout(answerMsMax),
  });
  await response.body?.cancel();
  if (!response.ok) throw new PostRefused(what, response.status);
}

export interface Repetition {
  attemptsMax: number;
  /** How long the first repetition waits, in milliseconds; each further one waits twice as long. */
  retryMs: number;
  /** True for an error that another attempt would meet again. */
  isFinal?(error: unknown): boolean;
}

/** Does `work` until it succeeds or has failed often enough; throws the last error then. */
export async function repeated(
  work: () => Promise<void>,
  { attemptsMax, retryMs, isFinal }: Repetition,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt === attemptsMax || isFinal?.(error)) throw error;
      await sleep(retryMs * 2 ** (attempt - 1), undefined, { ref: false });
    }
  }
}

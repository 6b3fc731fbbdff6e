/** After so many begun attempts a message is given up: about two hours after the first. */
export const attemptsMax = 8;

/** How long after its beginning an attempt is followed by the next, in milliseconds: a minute, then twice as long. */
export function pauseAfter(attempt: number): number {
  return 60_000 * 2 ** Math.min(attempt - 1, 5);
}

/**
 * Under which a receiver knows a message again, however often it is sent: a UUID that follows from the number of the
 * delivery, which is never given to another, and from what is told.
 */
export function messageIdOf(digest: string): string {
  const variant = '89ab'[Number.parseInt(digest[16] ?? '0', 16) % 4];
  const parts = [
    digest.slice(0, 8),
    digest.slice(8, 12),
    `5${digest.slice(13, 16)}`,
    `${variant}${digest.slice(17, 20)}`,
    digest.slice(20, 32),
  ];
  return parts.join('-');
}

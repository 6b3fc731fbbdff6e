import type { Position } from '../elders/elder-door.js';

/** From each of some places to each of others. */
export interface TableRequest {
  from: readonly Position[];
  to: readonly Position[];
}

/** No way within a city takes longer, in seconds. */
const secondsMax = 86_400;

/** A table of fifty by fifty is a tenth of this, in bytes. */
const answerBytesMax = 1_000_000;

/**
 * Asks the table service of a server that speaks as OSRM does. The cells of ways that it does not know are null; what is
 * no such table at all is a BAD_ANSWER, and what does not come in time UNREACHABLE.
 */
export async function tableOf(
  address: string,
  { from, to }: TableRequest,
  answerMsMax: number,
): Promise<(number | null)[][] | 'UNREACHABLE' | 'BAD_ANSWER'> {
  const places = [...from, ...to].map(
    ({ longitudeMicro, latitudeMicro }) => `${degrees(longitudeMicro)},${degrees(latitudeMicro)}`,
  );
  const sources = from.map((_, index) => index).join(';');
  const destinations = to.map((_, index) => from.length + index).join(';');
  const query = `annotations=duration&sources=${sources}&destinations=${destinations}`;
  let body: string | undefined;
  try {
    const response = await fetch(`${address}/${places.join(';')}?${query}`, {
      redirect: 'error',
      headers: { accept: 'application/json' },
      signal: AbortSignal.timeout(answerMsMax),
    });
    body = await shortText(response);
    if (!response.ok) return response.status >= 500 ? 'UNREACHABLE' : 'BAD_ANSWER';
  } catch {
    return 'UNREACHABLE';
  }
  return body === undefined ? 'BAD_ANSWER' : (durationsIn(body, from.length, to.length) ?? 'BAD_ANSWER');
}

function degrees(micro: number): string {
  return (micro / 1_000_000).toFixed(6);
}

/** The whole text; undefined when it is longer than any table. */
async function shortText(response: Response): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > answerBytesMax) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function durationsIn(body: string, rows: number, columns: number): (number | null)[][] | undefined {
  let answer: unknown;
  try {
    answer = JSON.parse(body);
  } catch {
    return undefined;
  }
  const { code, durations } = (answer ?? {}) as { code?: unknown; durations?: unknown };
  if (code !== 'Ok' || !Array.isArray(durations) || durations.length !== rows) return undefined;
  const isGood = durations.every((row) => Array.isArray(row) && row.length === columns && row.every(isCell));
  return isGood ? (durations as (number | null)[][]) : undefined;
}

function isCell(cell: unknown): boolean {
  return cell === null || (typeof cell === 'number' && cell >= 0 && cell <= secondsMax);
}

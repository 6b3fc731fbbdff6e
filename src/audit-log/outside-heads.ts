import { createReadStream } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import type { Head } from './chain.rules.js';

/** A head of the chain as it is written down outside the database. */
export interface OutsideHead extends Head {
  /** When it was written down, ISO 8601. */
  at: string;
}

const headShape = z.object({
  seq: z.number().int().positive(),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  at: z.string(),
});

/** The file of heads within the data folder. */
export function headsFileIn(dataDir: string): string {
  return join(dataDir, 'audit-heads.jsonl');
}

/** Appends a head, one JSON object a line, and returns once it is on the disk. Its owner alone may read the file. */
export async function appendHead(path: string, head: OutsideHead): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const file = await open(path, 'a', 0o600);
  try {
    await file.write(`${JSON.stringify({ seq: head.seq, hash: head.hash, at: head.at })}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** The heads of a file, one after another; the number of a line that is none, such as half a line after a crash. */
export async function* readHeads(path: string): AsyncGenerator<OutsideHead | { unreadableLine: number }> {
  const lines = createInterface({
    input: createReadStream(path, 'utf8'),
    crlfDelay: Number.POSITIVE_INFINITY,
  });
  let number = 0;
  for await (const line of lines) {
    number += 1;
    if (line.trim() === '') continue;
    const head = headShape.safeParse(parsed(line));
    yield head.success ? head.data : { unreadableLine: number };
  }
}

/** After half a line that a crash left, the next head stands in the same line. */
function parsed(line: string): unknown {
  try {
    return JSON.parse(line.slice(line.lastIndexOf('{')));
  } catch {
    return undefined;
  }
}

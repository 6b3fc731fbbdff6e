import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { roles } from '../entities/access/access-grant.entity.js';

const token = z.string().min(1);

const shape = z.strictObject({
  graphql: z.string(),
  admin: z.strictObject({ token }),
  managers: z.array(z.strictObject({ facilityCode: z.string(), token })),
  readers: z.array(z.strictObject({ facilityId: z.string(), facilityCode: z.string(), token })).min(1),
  // A file of before people could sign in has none.
  accounts: z
    .array(
      z.strictObject({
        role: z.enum(roles),
        facilityCode: z.string().nullable(),
        userName: z.string(),
        password: z.string(),
        // Of the relative, who also signs in by a code; in the demo the code is in the server's log.
        phone: z.string().optional(),
      }),
    )
    .default([]),
});

/** Keys and passwords of the demo accounts in plain text; the database keeps their hashes only. */
export type DemoCredentials = z.infer<typeof shape>;

export function credentialsPath(dataDir: string): string {
  return resolve(join(dataDir, 'demo-credentials.json'));
}

/** Undefined when there is no such file, or not one that this program writes. */
export function readCredentials(dataDir: string): DemoCredentials | undefined {
  let text: string;
  try {
    text = readFileSync(credentialsPath(dataDir), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const parsed = shape.safeParse(jsonOf(text));
  return parsed.success ? parsed.data : undefined;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A file that somebody broke is as good as none: new keys are made.
    return undefined;
  }
}

/** Readable by its owner alone, and never half a file: it is written beside and then renamed. */
export function writeCredentials(dataDir: string, credentials: DemoCredentials): void {
  mkdirSync(dataDir, { recursive: true });
  const path = credentialsPath(dataDir);
  const beside = `${path}.${process.pid}`;
  rmSync(beside, { force: true });
  writeFileSync(beside, `${JSON.stringify(credentials, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
  renameSync(beside, path);
}

import { readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import type { ReaderSettings } from '../src/config/reader-settings.js';

/** The key, and where the server is if the file that holds the key says so. */
export interface FoundKey {
  key: string;
  url?: string;
}

/** There is no key for this canteen, or one that anybody may read. The message says what to do. */
export class NoKey extends Error {}

const demoShape = z.object({
  graphql: z.string(),
  readers: z.array(z.object({ facilityCode: z.string(), token: z.string().min(1) })),
});

/** From the file that is named, else from the environment, else that of the demo city's reader. */
export function findKey(
  canteenCode: string,
  keyFile: string | undefined,
  { dataDir, readerKey }: ReaderSettings,
): FoundKey {
  if (keyFile !== undefined) return { key: keyIn(keyFile) };
  if (readerKey !== '') return { key: readerKey };
  return demoKey(canteenCode, resolve(join(dataDir, 'demo-credentials.json')));
}

const othersMask = 0o077;

function keyIn(path: string): string {
  const text = readable(path).trim();
  if ((statSync(path).mode & othersMask) !== 0)
    throw new NoKey(
      `密钥文件他人可读，请执行 chmod 600 ${path} / Others may read the key: chmod 600 ${path}`,
    );
  if (text === '' || /\s/.test(text)) throw new NoKey(`密钥文件内容有误 / ${path} does not hold one key.`);
  return text;
}

function demoKey(canteenCode: string, path: string): FoundKey {
  const parsed = demoShape.safeParse(jsonOf(readable(path)));
  if (!parsed.success) throw new NoKey(`${path} holds no credentials of the demo city.`);
  const { graphql, readers } = parsed.data;
  const own = readers.find(({ facilityCode }) => facilityCode === canteenCode);
  if (own) return { key: own.token, url: graphql };
  const some = readers.slice(0, 3).map(({ facilityCode }) => facilityCode);
  throw new NoKey(
    `无此食堂的刷卡机 / No reader at canteen ${canteenCode}; there is one at ${some.join(', ')} …`,
  );
}

function readable(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new NoKey(
      `读不到密钥 / No key: ${path} cannot be read (${code}). Give --key-file, set READER_KEY, or run npm start first.`,
    );
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A file that somebody broke holds no key either.
    return undefined;
  }
}

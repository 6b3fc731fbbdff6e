import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { SettingsError } from '../config/settings.js';
import { normalOperation } from './normal-operation.js';

/** How many ways of writing the known operations are remembered, so that a swipe is looked up and not parsed. */
const spellingsMax = 1_000;

const fileSchema = z.record(z.string(), z.string());

/** The operations that are answered when the server was started with a file of them. */
export class KnownOperations {
  private readonly normal: ReadonlySet<string>;
  private readonly spellings = new Set<string>();

  constructor(texts: readonly string[]) {
    this.normal = new Set(texts.map((text) => normalOperation(text) ?? text));
  }

  /** Reads the file of the setting. Throws a SettingsError that says what is wrong with it. */
  static async read(path: string): Promise<KnownOperations> {
    const parsed = fileSchema.safeParse(await jsonOf(path));
    if (!parsed.success) throw new SettingsError('SAFELIST_FILE must hold a JSON object of name and text');
    const operations = Object.entries(parsed.data);
    const broken = operations.filter(([, text]) => normalOperation(text) === undefined);
    if (broken.length > 0) {
      const names = broken.map(([name]) => name).join(', ');
      throw new SettingsError(`SAFELIST_FILE holds texts that are no operations: ${names}`);
    }
    return new KnownOperations(operations.map(([, text]) => text));
  }

  has(text: string): boolean {
    if (this.spellings.has(text)) return true;
    const normal = normalOperation(text);
    if (normal === undefined || !this.normal.has(normal)) return false;
    if (this.spellings.size < spellingsMax) this.spellings.add(text);
    return true;
  }
}

async function jsonOf(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    const what = error instanceof SyntaxError ? 'is not JSON' : 'cannot be read';
    throw new SettingsError(`SAFELIST_FILE ${what}`);
  }
}

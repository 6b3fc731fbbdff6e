import { type Setting, variables } from './setting-table.js';

/** What a reader's terminal sets: none of what a server must have, such as keys for identities. */
export interface ReaderSettings {
  dataDir: string;
  /** Empty where a file or the demo's credentials hold it. */
  readerKey: string;
}

/** @throws Error that names the variable and does not repeat its value */
export function readReaderSettings(environment: NodeJS.ProcessEnv = process.env): ReaderSettings {
  const read = (name: 'DATA_DIR' | 'READER_KEY'): string => {
    const setting: Setting<string> = variables[name];
    const given = environment[name]?.trim();
    const result = setting.schema.safeParse(given ? given : setting.default);
    if (!result.success) throw new Error(`${name} ${result.error.issues[0]?.message}`);
    return result.data;
  };
  return { dataDir: read('DATA_DIR'), readerKey: read('READER_KEY') };
}

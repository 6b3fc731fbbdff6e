import 'reflect-metadata';
import { CommanderError } from 'commander';
import { headsFileIn } from '../audit-log/outside-heads.js';
import { identityKeysOf } from '../config/identity-keys.js';
import { readSettings, type Settings, SettingsError } from '../config/settings.js';
import { loggableError } from '../server/loggable-error.js';
import { WrongKeys } from '../shared/database-cipher.js';
import type { FieldKeys } from '../shared/field-cipher.js';
import { Refused, type Surroundings } from './carry-out.js';
import { accessProgram } from './program.js';

/** Read by the first command that needs one: help, and the keys that production starts with, are to be had before. */
let read: Settings | undefined;
function settings(): Settings {
  read ??= readSettings();
  return read;
}

let keys: FieldKeys | undefined;
const surroundings: Surroundings = {
  get databaseUrl() {
    return settings().databaseUrl;
  },
  get headsFile() {
    return headsFileIn(settings().dataDir);
  },
  get identityKeys() {
    keys ??= identityKeysOf(settings());
    return keys;
  },
  get readerKeyOverlapMinutes() {
    return settings().readerKeyOverlapMinutes;
  },
  showsProgress: true,
  print: (text) => process.stdout.write(text),
  complain: (text) => process.stderr.write(text),
};

try {
  const program = accessProgram(surroundings);
  await program.parseAsync();
} catch (error) {
  // Commander has said what it had to say; asking for help is no failure.
  if (error instanceof CommanderError) process.exitCode = error.exitCode;
  else {
    if (error instanceof SettingsError || error instanceof WrongKeys) console.error(error.message);
    else if (!(error instanceof Refused)) {
      const { message, stack } = loggableError(error);
      console.error(`The command failed: ${message}\n${stack}`);
    }
    process.exitCode = 1;
  }
}

import 'reflect-metadata';
import { CommanderError } from 'commander';
import { headsFileIn } from '../audit-log/outside-heads.js';
import { identityKeysOf } from '../config/identity-keys.js';
import { readSettings, SettingsError } from '../config/settings.js';
import { loggableError } from '../server/loggable-error.js';
import { WrongKeys } from '../shared/database-cipher.js';
import { Refused } from './carry-out.js';
import { accessProgram } from './program.js';

try {
  const settings = readSettings();
  const program = accessProgram({
    databaseUrl: settings.databaseUrl,
    headsFile: headsFileIn(settings.dataDir),
    identityKeys: identityKeysOf(settings),
    readerKeyOverlapMinutes: settings.readerKeyOverlapMinutes,
    showsProgress: true,
    print: (text) => process.stdout.write(text),
    complain: (text) => process.stderr.write(text),
  });
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

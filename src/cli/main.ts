import 'reflect-metadata';
import { CommanderError } from 'commander';
import { headsFileIn } from '../audit-log/outside-heads.js';
import { readSettings, SettingsError } from '../config/settings.js';
import { loggableError } from '../server/loggable-error.js';
import { Refused } from './carry-out.js';
import { accessProgram } from './program.js';

try {
  const { databaseUrl, dataDir } = readSettings();
  const program = accessProgram({
    databaseUrl,
    headsFile: headsFileIn(dataDir),
    print: (text) => process.stdout.write(text),
    complain: (text) => process.stderr.write(text),
  });
  await program.parseAsync();
} catch (error) {
  // Commander has said what it had to say; asking for help is no failure.
  if (error instanceof CommanderError) process.exitCode = error.exitCode;
  else {
    if (error instanceof SettingsError) console.error(error.message);
    else if (!(error instanceof Refused)) {
      const { message, stack } = loggableError(error);
      console.error(`The command failed: ${message}\n${stack}`);
    }
    process.exitCode = 1;
  }
}

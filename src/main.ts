import 'reflect-metadata';
import { readSettings, SettingsError } from './config/settings.js';
import { loggableError } from './server/loggable-error.js';
import { start } from './server/start.js';
import { WrongKeys } from './shared/database-cipher.js';

try {
  await start(readSettings());
} catch (error) {
  if (error instanceof SettingsError || error instanceof WrongKeys) console.error(error.message);
  else {
    const { message, stack } = loggableError(error);
    console.error(`The server could not start: ${message}\n${stack}`);
  }
  process.exit(1);
}

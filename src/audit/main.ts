import 'reflect-metadata';
import { existingIdentityKeysOf } from '../config/identity-keys.js';
import { readSettings, SettingsError } from '../config/settings.js';
import { auditDatabase, NothingToAudit } from './audit-database.js';

/** `npm run audit`: checks every invariant on the database of DATABASE_URL, and exits 1 when one is broken. */
try {
  const settings = readSettings();
  const keys = existingIdentityKeysOf(settings);
  const { checks, broken } = await auditDatabase(settings.databaseUrl, (line) => console.log(line), keys);
  // Without keys nobody has looked at what is encrypted.
  if (!keys) console.log('left out: what is encrypted was not read, for there are no identity keys');
  console.log(broken === 0 ? `audit clean: ${checks} checks hold` : `audit: ${broken} checks are broken`);
  process.exitCode = broken === 0 ? 0 : 1;
} catch (error) {
  if (error instanceof SettingsError || error instanceof NothingToAudit) console.error(error.message);
  else {
    // An address that no server listens at comes with a code alone.
    const { message, code } = error as Error & { code?: string };
    console.error(`The audit failed: ${message || code}`);
  }
  process.exitCode = 1;
}

import 'reflect-metadata';
import { openDatabase } from '../../ormconfig.js';
import { readSettings } from '../config/settings.js';
import { runChecks } from '../shared/audit-check.js';
import { invariants } from './invariants.js';

/** `npm run audit`: checks every invariant on the database of DATABASE_URL, and exits 1 when one is broken. */
async function audit(): Promise<void> {
  const { database } = await openDatabase(readSettings().databaseUrl);
  try {
    const broken = await database.read((manager) =>
      runChecks(manager, invariants, (line) => console.log(line)),
    );
    console.log(
      broken === 0 ? `audit clean: ${invariants.length} checks hold` : `audit: ${broken} checks are broken`,
    );
    process.exitCode = broken === 0 ? 0 : 1;
  } finally {
    await database.close();
  }
}

await audit();

import { type Command, InvalidArgumentError } from 'commander';
import { showProgress } from '../../seeds/progress.js';
import { keyText, newKey } from '../config/identity-keys.js';
import type { Database } from '../shared/database.js';
import { type Rotation, rotateKeys } from '../shared/rotate-keys.js';
import { Refused, type Surroundings, withDatabase } from './carry-out.js';
import { sealedTables } from './sealed-tables.js';

export function addKeyCommands(program: Command, surroundings: Surroundings): void {
  program
    .command('new-key')
    .description('make a key for IDENTITY_KEYS and show it; nothing is changed')
    .requiredOption('--id <id>', 'what values call it: 1 to 16 of a-z, 0-9 and the hyphen', keyId)
    .action(({ id }) => surroundings.print(`${keyText(newKey(id))}\n`));

  program
    .command('rotate-key')
    .description(
      'encrypt every ID number, phone, address and secret of one-time codes under the first of IDENTITY_KEYS; servers may run, Ctrl-C stops it, and it goes on where it stopped',
    )
    .action(async () => {
      const rotation = await withDatabase(surroundings, (database) => rotate(database, surroundings));
      if (rotation.remaining > 0) throw new Refused('some values are still encrypted under an older key');
    });
}

async function rotate(database: Database, surroundings: Surroundings): Promise<Rotation> {
  const stop = new AbortController();
  const abort = () => stop.abort();
  process.once('SIGINT', abort).once('SIGTERM', abort);
  let progress: ReturnType<typeof showProgress> | undefined;
  try {
    const rotation = await rotateKeys(database, sealedTables, {
      signal: stop.signal,
      onProgress(done, total) {
        progress ??= showProgress(surroundings.showsProgress ?? false, '重新加密 Encrypting', total);
        progress.update(done);
      },
    });
    progress?.stop();
    report(rotation, surroundings);
    return rotation;
  } finally {
    progress?.stop();
    process.off('SIGINT', abort).off('SIGTERM', abort);
  }
}

function report(rotation: Rotation, { print, complain }: Surroundings): void {
  const { keyId, rotated, remaining, unreadable, retired } = rotation;
  print(`${rotated} rows were encrypted under key ${keyId}.\n`);
  if (remaining > 0) {
    complain(`${remaining} rows still hold values under an older key: run rotate-key again.\n`);
    if (unreadable.length > 0)
      complain(
        `Not readable, see npm run audit: ${unreadable
          .slice(0, 20)
          .map(({ table, id }) => `${table} ${id}`)
          .join(', ')}\n`,
      );
    complain('When the number does not fall, a server still has an older key in front.\n');
    return;
  }
  print(`Everything is encrypted under key ${keyId}.\n`);
  for (const id of retired) {
    print(
      `Key ${id} encrypts nothing any more: take it out of IDENTITY_KEYS once every server has ${keyId} in front. Backups made before now still need it.\n`,
    );
  }
}

function keyId(text: string): string {
  if (/^[a-z0-9-]{1,16}$/.test(text)) return text;
  throw new InvalidArgumentError('It must be 1 to 16 of a-z, 0-9 and the hyphen.');
}

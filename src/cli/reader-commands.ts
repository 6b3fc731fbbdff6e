import Table from 'cli-table3';
import { type Command, InvalidArgumentError } from 'commander';
import type { EntityManager } from 'typeorm';
import { enrolReader } from '../access/enrol-reader.js';
import { type ListedReader, listReaders } from '../access/list-readers.js';
import { revokeReader } from '../access/revoke-reader.js';
import { rotateReader } from '../access/rotate-reader.js';
import { facilityByCode } from '../network/find-facilities.js';
import { type Refusal, refuse } from '../shared/refusal.js';
import { carryOut, type Surroundings } from './carry-out.js';
import { showKey } from './show-key.js';

export function addReaderCommands(reader: Command, surroundings: Surroundings): void {
  reader
    .command('enrol')
    .description('enrol a card reader at an elder canteen, and show its key')
    .requiredOption('--canteen <code>', "the canteen's code")
    .requiredOption('--name <name>', 'what the reader is called, such as its serial number')
    .action(async ({ canteen, name }) => {
      const work = (manager: EntityManager, now: Date) =>
        enrolReader(manager, { canteen, name, now }, 'everywhere');
      showKey(await carryOut(surroundings, work), surroundings);
    });

  reader
    .command('rotate')
    .description('give a reader a new key and show it; the old one works beside it for the overlap')
    .requiredOption('--reader <number>', 'its number, as enrol and list show it', accountNumber)
    .option(
      '--overlap-minutes <minutes>',
      'how long the old key still works; 0 when the reader was lost',
      minutes,
    )
    .action(async ({ reader: accountId, overlapMinutes = surroundings.readerKeyOverlapMinutes ?? 0 }) => {
      const work = (manager: EntityManager, now: Date) =>
        rotateReader(manager, { accountId, overlapMinutes, now }, 'everywhere');
      showKey(await carryOut(surroundings, work), surroundings);
    });

  reader
    .command('revoke')
    .description('take a reader out of service for good')
    .requiredOption('--reader <number>', 'its number, as enrol and list show it', accountNumber)
    .action(async ({ reader: accountId }) => {
      const work = (manager: EntityManager, now: Date) =>
        revokeReader(manager, { accountId, now }, 'everywhere');
      const { name } = await carryOut(surroundings, work);
      surroundings.print(`Reader ${accountId} (${name}) is revoked.\n`);
    });

  reader
    .command('list')
    .description('list the readers that a canteen, or all beneath a facility, have and had')
    .requiredOption('--canteen <code>', 'the code of the canteen, or of a facility above canteens')
    .action(async ({ canteen }) => {
      const readers = await carryOut(surroundings, (manager, now) => readersOf(manager, canteen, now));
      surroundings.print(readers.length > 0 ? tableOf(readers) : 'This canteen never had a reader.\n');
    });
}

/** The readers at the facility of that code and beneath it. */
async function readersOf(
  manager: EntityManager,
  code: string,
  now: Date,
): Promise<ListedReader[] | Refusal<'FACILITY_UNKNOWN'>> {
  const facility = await facilityByCode(manager, code);
  if (!facility) {
    return refuse('FACILITY_UNKNOWN', { zh: '没有此编码的机构', en: 'No facility has this code' }, ['code']);
  }
  const all = { afterId: 0, rowsMax: 1_000_000 };
  return listReaders(manager, { within: facility.id, scope: 'everywhere', now }, all);
}

const head = ['number', 'name', 'enrolled', 'key made', 'last seen', 'version', 'clock', 'remarks'];

function tableOf(readers: readonly ListedReader[]): string {
  const table = new Table({ head, style: { head: [], border: [] } });
  for (const {
    id,
    name,
    enrolledAt,
    keyMadeAt,
    lastSeenAt,
    softwareVersion,
    clockSkewMs,
    ...rest
  } of readers) {
    const clock = clockSkewMs === null ? '' : `${(clockSkewMs / 1000).toFixed(1)} s`;
    const instants = [enrolledAt, keyMadeAt, lastSeenAt].map((at) => at?.toISOString() ?? '');
    table.push([id, name, ...instants, softwareVersion ?? '', clock, remarksOn(rest)]);
  }
  return `${table.toString()}\n`;
}

type Remarkable = Pick<ListedReader, 'oldKeyUntil' | 'revokedAt' | 'possiblyClonedAt'>;

function remarksOn({ oldKeyUntil, revokedAt, possiblyClonedAt }: Remarkable): string {
  const remarks = [
    revokedAt && `revoked ${revokedAt.toISOString()}`,
    oldKeyUntil && `old key until ${oldKeyUntil.toISOString()}`,
    possiblyClonedAt && `POSSIBLY CLONED ${possiblyClonedAt.toISOString()}`,
  ];
  return remarks.filter((remark) => remark !== null).join('\n');
}

function minutes(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a number of minutes.');
}

function accountNumber(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("It must be a reader's number.");
}

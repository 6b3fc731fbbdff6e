import Table from 'cli-table3';
import { Command, InvalidArgumentError } from 'commander';
import type { EntityManager } from 'typeorm';
import { createAdministrator } from '../access/create-administrator.js';
import { createManager } from '../access/create-manager.js';
import { enrolReader } from '../access/enrol-reader.js';
import { type ListedReader, listReaders } from '../access/list-readers.js';
import type { OpenedAccount } from '../access/open-account.js';
import { revokeReader } from '../access/revoke-reader.js';
import { rotateReader } from '../access/rotate-reader.js';
import { addAuditLogCommands } from './audit-log-commands.js';
import { carryOut, type Surroundings } from './carry-out.js';
import { addKeyCommands } from './key-commands.js';
import { addFunderCommands, addRuleCommands } from './meals-commands.js';
import { addStaffCommands } from './staff-commands.js';

/** The commands by which keys are made and taken away, and money is promised; each works on a database that a server may be using. */
export function accessProgram(surroundings: Surroundings): Command {
  const program = new Command('yinling').description(
    '银龄 Yinling: who may call, and who subsidises meals. Works on the database of DATABASE_URL, also while a server runs.',
  );
  program.configureOutput({ writeOut: surroundings.print, writeErr: surroundings.complain });
  program.showHelpAfterError().exitOverride();
  program.hook('preAction', (_program, command) => {
    surroundings.command = wordsOf(command);
  });
  addAccountCommands(program, surroundings);
  addReaderCommands(program.command('reader').description('card readers'), surroundings);
  addStaffCommands(program.command('staff').description('people who sign in'), surroundings);
  addFunderCommands(program.command('funder').description('who bears subsidies'), surroundings);
  addRuleCommands(program.command('rule').description('subsidies of meals'), surroundings);
  addAuditLogCommands(program.command('audit-log').description('who did what'), surroundings);
  addKeyCommands(program, surroundings);
  return program;
}

/** The words of a command without the program's own name, such as `reader enrol`. */
function wordsOf(command: Command): string {
  const { parent } = command;
  return parent?.parent ? `${wordsOf(parent)} ${command.name()}` : command.name();
}

function addAccountCommands(program: Command, surroundings: Surroundings): void {
  program
    .command('create-administrator')
    .description('open an account that may do everything, and show its key')
    .requiredOption('--name <name>', 'who will hold the key')
    .action(async ({ name }) => {
      const work = (manager: EntityManager, now: Date) => createAdministrator(manager, { name, now });
      showKey(await carryOut(surroundings, work), surroundings);
    });

  program
    .command('create-manager')
    .description('open an account that manages a facility and everything beneath it, and show its key')
    .requiredOption('--facility <code>', "the facility's code")
    .requiredOption('--name <name>', 'who will hold the key')
    .option(
      '--shows-identities',
      'ID numbers, phones and addresses are shown whole; each look is recorded',
      false,
    )
    .action(async ({ facility: facilityCode, name, showsIdentities }) => {
      const manager = { facilityCode, name, showsIdentities };
      const work = (database: EntityManager, now: Date) => createManager(database, { ...manager, now });
      showKey(await carryOut(surroundings, work), surroundings);
    });
}

function addReaderCommands(reader: Command, surroundings: Surroundings): void {
  reader
    .command('enrol')
    .description('enrol a card reader at an elder canteen, and show its key')
    .requiredOption('--canteen <code>', "the canteen's code")
    .requiredOption('--name <name>', 'what the reader is called, such as its serial number')
    .action(async ({ canteen: canteenCode, name }) => {
      const work = (manager: EntityManager, now: Date) => enrolReader(manager, { canteenCode, name, now });
      showKey(await carryOut(surroundings, work), surroundings);
    });

  reader
    .command('rotate')
    .description('give a reader a new key and show it; the old one stops counting at once')
    .requiredOption('--reader <number>', 'its number, as enrol and list show it', accountNumber)
    .action(async ({ reader: accountId }) => {
      const work = (manager: EntityManager, now: Date) => rotateReader(manager, { accountId, now });
      showKey(await carryOut(surroundings, work), surroundings);
    });

  reader
    .command('revoke')
    .description('take a reader out of service for good')
    .requiredOption('--reader <number>', 'its number, as enrol and list show it', accountNumber)
    .action(async ({ reader: accountId }) => {
      const work = (manager: EntityManager, now: Date) => revokeReader(manager, { accountId, now });
      const { name } = await carryOut(surroundings, work);
      surroundings.print(`Reader ${accountId} (${name}) is revoked.\n`);
    });

  reader
    .command('list')
    .description('list the readers that a canteen has and had')
    .requiredOption('--canteen <code>', "the canteen's code")
    .action(async ({ canteen }) => {
      const readers = await carryOut(surroundings, (manager) => listReaders(manager, canteen));
      surroundings.print(readers.length > 0 ? tableOf(readers) : 'This canteen never had a reader.\n');
    });
}

function showKey({ accountId, token }: OpenedAccount, { print }: Surroundings): void {
  print(`Number: ${accountId}\nKey:    ${token}\n`);
  print('This key is shown once and kept nowhere: store it now. 密钥只显示这一次,请立即保存。\n');
}

function tableOf(readers: readonly ListedReader[]): string {
  const head = ['number', 'name', 'enrolled', 'key made', 'revoked'];
  const table = new Table({ head, style: { head: [], border: [] } });
  for (const { accountId, name, enrolledAt, keyMadeAt, revokedAt } of readers) {
    const revoked = revokedAt?.toISOString() ?? '';
    table.push([accountId, name, enrolledAt.toISOString(), keyMadeAt.toISOString(), revoked]);
  }
  return `${table.toString()}\n`;
}

function accountNumber(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("It must be a reader's number.");
}

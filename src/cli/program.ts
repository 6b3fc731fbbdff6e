import { Command } from 'commander';
import type { EntityManager } from 'typeorm';
import { createAdministrator } from '../access/create-administrator.js';
import { createManager } from '../access/create-manager.js';
import { addAuditLogCommands } from './audit-log-commands.js';
import { carryOut, type Surroundings } from './carry-out.js';
import { addCategoryCommands } from './category-commands.js';
import { addConsentTextCommands } from './consent-text-commands.js';
import { addFlagCommands } from './flag-commands.js';
import { addHoursCommands } from './hours-commands.js';
import { addKeyCommands } from './key-commands.js';
import { addFunderCommands, addPreviewCommand, addRuleCommands } from './meals-commands.js';
import { addReaderCommands } from './reader-commands.js';
import { addSafelistCommand } from './safelist-command.js';
import { addScaleCommands } from './scale-commands.js';
import { showKey } from './show-key.js';
import { addStaffCommands } from './staff-commands.js';
import { addStatementCommands } from './statement-commands.js';

/** The commands by which keys are made and taken away, and money is promised; each works on a database that a server may be using. */
export function accessProgram(surroundings: Surroundings): Command {
  const program = new Command('yinling').description(
    '银龄 Yinling: who may call, who pays, and what is settled. Works on the database of DATABASE_URL, also while a server runs.',
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
  addCategoryCommands(program.command('category').description('groups of elders'), surroundings);
  const rule = program.command('rule').description('subsidies of meals');
  addRuleCommands(rule, surroundings);
  addPreviewCommand(rule, surroundings);
  addHoursCommands(program.command('hours').description('home care that a government buys'), surroundings);
  addConsentTextCommands(
    program.command('consent-text').description('what is agreed to when relatives are let in'),
    surroundings,
  );
  addScaleCommands(
    program.command('assessment-scale').description('by what abilities are assessed'),
    surroundings,
  );
  addStatementCommands(
    program.command('statement').description('the month of canteens, stations and homes'),
    surroundings,
  );
  addFlagCommands(program.command('flags').description('signs of fraud'), surroundings);
  addSafelistCommand(program, surroundings);
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

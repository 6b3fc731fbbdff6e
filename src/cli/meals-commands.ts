import { type Command, InvalidArgumentError } from 'commander';
import { addFunder } from '../meals/add-funder.js';
import { addSubsidyRule } from '../meals/add-subsidy-rule.js';
import { carryOut, type Surroundings } from './carry-out.js';

export function addFunderCommands(funder: Command, surroundings: Surroundings): void {
  funder
    .command('add')
    .description('add a level of government or a donor, with an account in the ledger')
    .requiredOption('--code <code>', '1 to 32 of A-Z, 0-9 and the hyphen')
    .requiredOption('--name <name>', 'what it is called')
    .action(async ({ code, name }) => {
      const added = await carryOut(surroundings, (manager) => addFunder(manager, { code, name }));
      surroundings.print(`Funder ${added.code} (${added.name}) is added.\n`);
    });
}

interface RuleFlags {
  code: string;
  version: number;
  facility: string;
  funder: string;
  meal: string;
  ageMin: number;
  amountFen: number;
  from: string;
  to?: string;
}

export function addRuleCommands(rule: Command, surroundings: Surroundings): void {
  rule
    .command('add')
    .description('add a version of a subsidy rule; an earlier one without an end ends on the day it begins')
    .requiredOption('--code <code>', '1 to 32 of A-Z, 0-9 and the hyphen; all versions of a rule share it')
    .requiredOption('--version <number>', 'a number that no other version of the rule has', wholeNumber)
    .requiredOption('--facility <code>', 'it counts in the canteens beneath this facility')
    .requiredOption('--funder <code>', 'who bears it')
    .requiredOption('--meal <meal>', 'BREAKFAST, LUNCH or DINNER')
    .requiredOption('--age-min <years>', 'completed years on the day of the meal', wholeNumber)
    .requiredOption('--amount-fen <fen>', 'towards one meal; 300 are 3 yuan', wholeNumber)
    .requiredOption('--from <day>', 'the first day on which it counts, such as 2026-01-01')
    .option('--to <day>', 'the first day on which it no longer counts; without it, it has no end')
    .action(async (flags: RuleFlags) => {
      const { facility: facilityCode, funder: funderCode, from: fromDay, to: toDay = null, ...terms } = flags;
      const given = { ...terms, facilityCode, funderCode, fromDay, toDay };
      const added = await carryOut(surroundings, (manager) => addSubsidyRule(manager, given));
      const until = toDay === null ? '' : ` until before ${toDay}`;
      surroundings.print(`Rule ${added.code} version ${added.version} counts from ${fromDay}${until}.\n`);
      if (added.endedVersion !== null) {
        surroundings.print(`Version ${added.endedVersion} had no end; it now ends before ${fromDay}.\n`);
      }
    });
}

function wholeNumber(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number.');
}

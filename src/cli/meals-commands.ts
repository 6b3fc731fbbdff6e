import { type Command, InvalidArgumentError, Option } from 'commander';
import { addFunder } from '../meals/add-funder.js';
import { addSubsidyRules } from '../meals/rules/add-subsidy-rule.js';
import {
  isPreviewable,
  lastMonth,
  previewDaysMax,
  previewRuleChange,
} from '../meals/rules/preview-rule-change.js';
import { readRuleFile } from '../meals/rules/rule-file.rules.js';
import type { RuleImpact } from '../meals/rules/rule-impact.js';
import { type FunderLevel, funderLevels } from '../meals/rules/rule-shares.rules.js';
import { subsidyRules } from '../meals/rules/subsidy-rules.js';
import { findVersion } from '../rule-versions/list-versions.js';
import { institutionStays } from '../server/institution-stays.js';
import { dayOf } from '../shared/china-time.js';
import { systemClock } from '../shared/clock.js';
import { yuanOf } from '../shared/money.js';
import { isRefusal } from '../shared/refusal.js';
import { bringInRules, type RuleFileFlags } from './add-rule-file.js';
import { carryOut, Refused, type Surroundings, withDatabase } from './carry-out.js';

interface FunderFlags {
  code: string;
  name: string;
  level?: FunderLevel;
  division?: string;
}

export function addFunderCommands(funder: Command, surroundings: Surroundings): void {
  funder
    .command('add')
    .description('add a level of government or a donor, with an account in the ledger')
    .requiredOption('--code <code>', '1 to 32 of A-Z, 0-9 and the hyphen')
    .requiredOption('--name <name>', 'what it is called')
    .addOption(new Option('--level <level>', 'where rules name funders by level').choices([...funderLevels]))
    .option('--division <code>', 'the place it pays for: 2, 4, 6 or 9 digits, by its level')
    .action(async ({ code, name, level, division: divisionCode }: FunderFlags) => {
      const given = { code, name, level, divisionCode };
      const added = await carryOut(surroundings, (manager) => addFunder(manager, given));
      surroundings.print(`Funder ${added.code} (${added.name}) is added.\n`);
    });
}

export function addRuleCommands(rule: Command, surroundings: Surroundings): void {
  rule
    .command('add')
    .description(
      'bring in a file of subsidy rules, such as seeds/reference/nanning/rules.json, with its funders',
    )
    .requiredOption('--file <path>', 'in the format of docs/meal-subsidy-rules.md')
    .requiredOption('--facility <code>', 'they count in the canteens beneath this facility')
    .option('--code <code>', 'of the sets in the file this one alone')
    .option('--approved', 'they count without a second person, from days in the past too: to set up a city')
    .action((flags: RuleFileFlags) =>
      bringInRules(surroundings, 'Rules', flags, async (manager, text, wanted, now) => {
        const file = readRuleFile(text);
        return isRefusal(file) ? file : addSubsidyRules(manager, { file, ...wanted }, now);
      }),
    );
}

interface PreviewFlags {
  id: number;
  from?: string;
  to?: string;
}

export function addPreviewCommand(rule: Command, surroundings: Surroundings): void {
  rule
    .command('preview')
    .description(
      'what meals would have cost under a version of rules, beside what they did cost; last month’s',
    )
    .requiredOption('--id <number>', 'the version, as `rule add` or the graph names it', wholeNumber)
    .option('--from <day>', 'the first day, with --to')
    .option('--to <day>', `the first day after them, at most ${previewDaysMax} later`)
    .action(async ({ id, from, to }: PreviewFlags) => {
      const today = dayOf(systemClock.now());
      const days = from && to ? { fromDay: from, toDay: to } : lastMonth(today);
      const isWell = Boolean(from) === Boolean(to) && isPreviewable(days);
      const impact = isWell
        ? await withDatabase(surroundings, (database) =>
            database.read(async (manager) => {
              const rules = await findVersion(manager, subsidyRules, id, 'everywhere', today);
              return rules && previewRuleChange(manager, rules, days, { stays: institutionStays });
            }),
          )
        : undefined;
      if (!impact) {
        const what = isWell
          ? 'No version has this id'
          : `--from and --to are 1 to ${previewDaysMax} days apart`;
        surroundings.complain(`Refused: ${what}.\n`);
        throw new Refused('PREVIEW');
      }
      surroundings.print(impactText(impact));
    });
}

function impactText(impact: RuleImpact): string {
  const { fromDay, toDay, meals, changed, actual, proposed, funding, operators } = impact;
  const line = (name: string, was: number, would: number) =>
    `${name}: ${yuanOf(was)} yuan, and ${yuanOf(would)} under these rules\n`;
  return [
    `${meals} meals from ${fromDay} until before ${toDay}, of which ${changed} would have been split otherwise\n`,
    line('Subsidies', actual.subsidyFen, proposed.subsidyFen),
    line('Discounts', actual.discountFen, proposed.discountFen),
    line('Paid by elders', actual.selfPaidFen, proposed.selfPaidFen),
    ...funding.map(({ funder, actualFen, proposedFen }) =>
      line(`Borne by ${funder}`, actualFen, proposedFen),
    ),
    line('To operators besides', operators.actualFen, operators.proposedFen),
  ].join('');
}

function wholeNumber(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number.');
}

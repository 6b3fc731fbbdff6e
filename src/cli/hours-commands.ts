import type { Command } from 'commander';
import { addFunders } from '../meals/add-funder.js';
import { addRuleFile } from '../rule-versions/add-rule-file.js';
import { isRefusal } from '../shared/refusal.js';
import { expireHours } from '../visits/expire-hours.js';
import { readHoursFile } from '../visits/hours-file.rules.js';
import { hoursRules } from '../visits/hours-rules.js';
import { bringInRules, type RuleFileFlags } from './add-rule-file.js';
import { carryOut, type Surroundings } from './carry-out.js';

export function addHoursCommands(hours: Command, surroundings: Surroundings): void {
  hours
    .command('add')
    .description(
      'bring in a file of rules of government hours, such as seeds/reference/shanghai-care/hours.json, with its funders',
    )
    .requiredOption('--file <path>', 'in the format of docs/home-care-hours.md')
    .requiredOption('--facility <code>', 'they count at the home-care stations beneath this facility')
    .option('--approved', 'they count without a second person, from days in the past too: to set up a city')
    .action((flags: RuleFileFlags) =>
      bringInRules(surroundings, 'Hours', flags, async (manager, text, wanted, now) => {
        const file = readHoursFile(text);
        if (isRefusal(file)) return file;
        return addRuleFile(manager, hoursRules, { file, ...wanted }, addFunders, now);
      }),
    );

  hours
    .command('expire')
    .description('end what is left of months and weeks that are over; nothing of it could be booked any more')
    .action(async () => {
      let ended = 0;
      for (;;) {
        const { grants } = await carryOut(surroundings, async (manager, now) => ({
          grants: await expireHours(manager, now),
        }));
        ended += grants;
        if (grants === 0) break;
      }
      surroundings.print(`${ended} grants are ended.\n`);
    });
}

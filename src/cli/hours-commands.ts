import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { addFunder, funderByCode } from '../meals/add-funder.js';
import { isRefusal, refuse } from '../shared/refusal.js';
import { addHoursRules } from '../visits/add-hours-rules.js';
import { expireHours } from '../visits/expire-hours.js';
import { readHoursFile } from '../visits/hours-file.rules.js';
import type { ProposedHoursRules } from '../visits/propose-hours-rules.js';
import { carryOut, type Surroundings } from './carry-out.js';

interface AddFlags {
  file: string;
  facility: string;
  approved?: boolean;
}

export function addHoursCommands(hours: Command, surroundings: Surroundings): void {
  hours
    .command('add')
    .description(
      'bring in a file of rules of government hours, such as seeds/reference/shanghai-care/hours.json, with its funders',
    )
    .requiredOption('--file <path>', 'in the format of docs/home-care-hours.md')
    .requiredOption('--facility <code>', 'they count at the home-care stations beneath this facility')
    .option('--approved', 'they count without a second person, from days in the past too: to set up a city')
    .action(async ({ file, facility: facilityCode, approved = false }: AddFlags) => {
      const added = await addFile(surroundings, { file, facilityCode, approved });
      for (const funder of added.funders) surroundings.print(`Funder ${funder} is added.\n`);
      for (const { code, version, fromDay, toDay, ruleId } of added.versions) {
        const until = toDay === null ? '' : ` until before ${toDay}`;
        const counts = approved ? 'counts' : `waits for approval as ${ruleId}, to count`;
        surroundings.print(`Hours ${code} version ${version}: ${counts} from ${fromDay}${until}.\n`);
      }
    });

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

interface AddedFile {
  versions: ProposedHoursRules[];
  funders: string[];
}

function addFile(
  surroundings: Surroundings,
  { file: path, ...wanted }: { file: string; facilityCode: string; approved: boolean },
): Promise<AddedFile> {
  return carryOut<AddedFile>(surroundings, async (manager, now) => {
    const text = textOf(path);
    if (text === undefined) {
      return refuse('FILE_UNKNOWN', { zh: '文件读不到', en: 'The file cannot be read' }, ['file']);
    }
    const file = readHoursFile(text);
    if (isRefusal(file)) return file;
    const funders: string[] = [];
    for (const funder of file.funders) {
      if (await funderByCode(manager, funder.code)) continue;
      const added = await addFunder(manager, funder);
      if (isRefusal(added)) return added;
      funders.push(funder.code);
    }
    const added = await addHoursRules(manager, { ruleSets: file.ruleSets, ...wanted }, now);
    return isRefusal(added) ? added : { ...added, funders };
  });
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

import { readFileSync } from 'node:fs';
import type { EntityManager } from 'typeorm';
import type { AddedRules } from '../rule-versions/add-rule-file.js';
import { type Refusal, refuse } from '../shared/refusal.js';
import { carryOut, type Surroundings } from './carry-out.js';

export interface RuleFileFlags {
  file: string;
  facility: string;
  /** Of the sets in the file the one to add; all of them without it. */
  code?: string;
  approved?: boolean;
}

interface WantedRules {
  code: string | undefined;
  facilityCode: string;
  approved: boolean;
}

/** Brings a file of rules in, of whatever kind, and says what became of it. */
export async function bringInRules(
  surroundings: Surroundings,
  name: 'Rules' | 'Hours',
  { file: path, facility: facilityCode, code, approved = false }: RuleFileFlags,
  add: (
    manager: EntityManager,
    text: string,
    wanted: WantedRules,
    now: Date,
  ) => Promise<AddedRules | Refusal<string>>,
): Promise<void> {
  const added = await carryOut<AddedRules>(surroundings, async (manager, now) => {
    const text = textOf(path);
    if (text === undefined) {
      return refuse('FILE_UNKNOWN', { zh: '文件读不到', en: 'The file cannot be read' }, ['file']);
    }
    return add(manager, text, { code, facilityCode, approved }, now);
  });
  for (const category of added.categories) surroundings.print(`Category ${category} is added.\n`);
  for (const funder of added.funders) surroundings.print(`Funder ${funder} is added.\n`);
  for (const { code: ofSet, version, fromDay, toDay, ruleSetId } of added.versions) {
    const until = toDay === null ? '' : ` until before ${toDay}`;
    const counts = approved ? 'counts' : `waits for approval as ${ruleSetId}, to count`;
    surroundings.print(`${name} ${ofSet} version ${version}: ${counts} from ${fromDay}${until}.\n`);
  }
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

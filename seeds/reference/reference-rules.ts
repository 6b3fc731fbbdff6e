import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type RuleFile, readRuleFile } from '../../src/meals/rules/rule-file.rules.js';
import { type HoursFile, readHoursFile } from '../../src/visits/hours-file.rules.js';

/** A file of rules beneath seeds/reference, which stays where it is when this is built. */
export function referenceRules(path: string): RuleFile {
  const file = readRuleFile(readFileSync(join(projectFolder(), 'seeds', 'reference', path), 'utf8'));
  if ('refused' in file) throw new Error(`${path}: ${file.field?.join('.')} ${file.message.en}`);
  return file;
}

/** A file of rules of government hours beneath seeds/reference. */
export function referenceHours(path: string): HoursFile {
  const file = readHoursFile(readFileSync(join(projectFolder(), 'seeds', 'reference', path), 'utf8'));
  if ('refused' in file) throw new Error(`${path}: ${file.field?.join('.')} ${file.message.en}`);
  return file;
}

function projectFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    const above = dirname(folder);
    if (above === folder) throw new Error('the folder of the project is not above this file');
    folder = above;
  }
  return folder;
}

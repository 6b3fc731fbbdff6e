import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { addConsentText, currentConsentText } from '../access/consent-texts.js';
import { carryOut, type Surroundings, withDatabase } from './carry-out.js';

export function addConsentTextCommands(texts: Command, surroundings: Surroundings): void {
  texts
    .command('add')
    .description('put a text in the place of the current one; consents given before keep theirs')
    .requiredOption('--text-version <version>', 'by which consents name it: 1 to 20 letters, digits, . or -')
    .requiredOption('--zh <file>', 'the text in Chinese, UTF-8, 4000 characters at most')
    .requiredOption('--en <file>', 'the same in English')
    .action(async ({ textVersion: version, zh, en }) => {
      const text = { version, zh: readFileSync(zh, 'utf8'), en: readFileSync(en, 'utf8') };
      await carryOut(surroundings, (manager, now) => addConsentText(manager, { ...text, now }));
      surroundings.print(`From now on consents are given to ${version}.\n`);
    });

  texts
    .command('show')
    .description('show the current text; nothing is changed')
    .action(async () => {
      const { version, zh, en } = await withDatabase(surroundings, (database) =>
        database.read(currentConsentText),
      );
      surroundings.print(`${version}\n\n${zh}\n\n${en}\n`);
    });
}

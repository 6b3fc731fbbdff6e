import type { Command } from 'commander';
import { addCityCategory } from '../elders/city-categories.js';
import { carryOut, type Surroundings } from './carry-out.js';

interface CategoryFlags {
  code: string;
  zh: string;
  en: string;
}

export function addCategoryCommands(category: Command, surroundings: Surroundings): void {
  category
    .command('add')
    .description(
      "add a group of elders that the city's own policies name, for elders' files and rules to name; it stays",
    )
    .requiredOption('--code <code>', '1 to 24 of A-Z, 0-9 and the hyphen, such as MODEL-WORKER')
    .requiredOption('--zh <name>', 'its name in Chinese, such as 劳动模范')
    .requiredOption('--en <name>', 'its name in English, such as model workers')
    .action(async ({ code, zh, en }: CategoryFlags) => {
      const added = await carryOut(surroundings, (manager) =>
        addCityCategory(manager, { code, name: { zh, en } }),
      );
      surroundings.print(`Category ${added.code} (${added.name.zh}, ${added.name.en}) is added.\n`);
    });
}

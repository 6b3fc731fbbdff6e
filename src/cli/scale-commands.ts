import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { importScale } from '../elders/import-scale.js';
import { refuse } from '../shared/refusal.js';
import { carryOut, type Surroundings } from './carry-out.js';

export function addScaleCommands(scales: Command, surroundings: Surroundings): void {
  scales
    .command('import')
    .description(
      'bring in a scale of abilities that counts from a later day on, in the format of docs/assessment.md',
    )
    .argument('<file>', 'JSON, UTF-8')
    .action(async (path: string) => {
      const scale = await carryOut(surroundings, async (manager, now) => {
        const text = textOf(path);
        if (text === undefined) {
          return refuse('FILE_UNKNOWN', { zh: '文件读不到', en: 'The file cannot be read' }, ['file']);
        }
        return importScale(manager, text, now);
      });
      const { code, fromDay, indicators, points } = scale;
      surroundings.print(
        `${code}: ${indicators} indicators and ${points} points, counts from ${fromDay} on.\n`,
      );
    });
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

import type { EntityManager } from 'typeorm';
import { dayOf } from '../shared/china-time.js';
import { isRefusal, type Refusal } from '../shared/refusal.js';
import { insertRows } from '../shared/statements.js';
import { readScaleFile, type ScaleFile, scaleDayFault } from './scale-file.rules.js';

export interface ImportedScale {
  code: string;
  fromDay: string;
  indicators: number;
  /** The greatest sum of scores. */
  points: number;
}

/**
 * Brings in a scale that counts from a later day on. One that began already is never changed: assessments were made by
 * it. Two at once of one day: the second finds the day taken.
 */
export async function importScale(
  manager: EntityManager,
  text: string,
  now: Date,
): Promise<ImportedScale | Refusal<string>> {
  const scale = readScaleFile(text);
  if (isRefusal(scale)) return scale;
  const rows: unknown[] = await manager.query('SELECT id FROM assessment_scale WHERE fromDay = ?', [
    scale.fromDay,
  ]);
  const fault = scaleDayFault(scale, { today: dayOf(now), taken: rows.length > 0 });
  if (fault) return fault;
  const [last]: { id: number | string | null }[] = await manager.query(
    'SELECT MAX(id) AS id FROM assessment_scale',
  );
  await insertScale(manager, Number(last?.id ?? 0) + 1, scale);
  const { code, fromDay, indicators } = scale;
  const points = indicators.reduce((sum, { scoreMax }) => sum + (scoreMax ?? 0), 0);
  return { code, fromDay, points, indicators: indicators.filter(({ scoreMax }) => scoreMax !== null).length };
}

async function insertScale(manager: EntityManager, id: number, scale: ScaleFile): Promise<void> {
  const { indicators, levels, ...own } = scale;
  await insertRows(manager, 'assessment_scale', ['id', ...Object.keys(own)], [[id, ...Object.values(own)]]);
  await insertRows(
    manager,
    'assessment_indicator',
    ['scaleId', 'code', 'groupCode', 'place', 'nameZh', 'nameEn', 'scoreMax'],
    indicators.map(({ code, groupCode, nameZh, nameEn, scoreMax }, index) => [
      ...[id, code, groupCode, index + 1, nameZh, nameEn, scoreMax],
    ]),
  );
  await insertRows(
    manager,
    'assessment_level',
    ['scaleId', 'level', 'scoreMin', 'nameZh', 'nameEn'],
    levels.map(({ level, scoreMin, nameZh, nameEn }) => [id, level, scoreMin, nameZh, nameEn]),
  );
}

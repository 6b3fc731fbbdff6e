import type { EntityManager } from 'typeorm';
import type { Day } from '../shared/china-time.js';
import type { Scale } from './assessment.rules.js';

type Row = Omit<Scale, 'name' | 'indicators' | 'levels'> & { nameZh: string; nameEn: string };
type Named<Part> = Omit<Part, 'name'> & { nameZh: string; nameEn: string };

/** By what abilities are assessed on a day. Three statements. */
export async function scaleOn(manager: EntityManager, on: Day): Promise<Scale> {
  const [row]: Row[] = await manager.query(
    `SELECT id, code, nameZh, nameEn, validityMonths, comaLevel, worseBy, riskEventsMin, riskDays, changeDays
       FROM assessment_scale WHERE fromDay <= ? ORDER BY fromDay DESC LIMIT 1`,
    [on],
  );
  if (!row) throw new Error(`no scale counts on ${on}: the migrations bring one`);
  const indicators: Named<Scale['indicators'][number]>[] = await manager.query(
    `SELECT code, groupCode, nameZh, nameEn, scoreMax FROM assessment_indicator WHERE scaleId = ? ORDER BY place`,
    [row.id],
  );
  const levels: Named<Scale['levels'][number]>[] = await manager.query(
    'SELECT level, scoreMin, nameZh, nameEn FROM assessment_level WHERE scaleId = ? ORDER BY level',
    [row.id],
  );
  return { ...named(row), indicators: indicators.map(named), levels: levels.map(named) };
}

function named<Part extends { nameZh: string; nameEn: string }>({ nameZh, nameEn, ...rest }: Part) {
  return { ...rest, name: { zh: nameZh, en: nameEn } };
}

import type { EntityManager } from 'typeorm';
import type { Day } from '../shared/china-time.js';
import type { ClassRow, WaitlistTerms } from './waitlist.rules.js';

/** By which rule beds are offered on a day. One statement. */
export async function waitlistTerms(manager: EntityManager, on: Day): Promise<WaitlistTerms> {
  const [row]: (Omit<WaitlistTerms, 'silenceRefuses'> & { silenceRefuses: number | boolean })[] =
    await manager.query(
      `SELECT offerHours, moveInDaysMax, refusalsMax, refusalDays, closedDays, silenceRefuses
         FROM waitlist_rule WHERE fromDay <= ? ORDER BY fromDay DESC LIMIT 1`,
      [on],
    );
  if (!row) throw new Error(`no rule of waiting lists counts on ${on}: the migrations bring one`);
  return { ...row, silenceRefuses: Boolean(row.silenceRefuses) };
}

type Row = Omit<ClassRow, 'name' | 'atOnce' | 'rank'> & {
  classRank: number;
  atOnce: number | boolean;
  nameZh: string;
  nameEn: string;
};

/** The classes that count on a day, in the order in which they are tried. One statement. */
export async function waitlistClasses(manager: EntityManager, on: Day): Promise<ClassRow[]> {
  const rows: Row[] = await manager.query(
    `SELECT place, classRank, category, levelMin, ageMin, atOnce, nameZh, nameEn FROM waitlist_class
      WHERE fromDay = (SELECT MAX(fromDay) FROM waitlist_class WHERE fromDay <= ?) ORDER BY place`,
    [on],
  );
  return rows.map(({ nameZh, nameEn, atOnce, classRank, ...row }) => ({
    ...row,
    rank: classRank,
    atOnce: Boolean(atOnce),
    name: { zh: nameZh, en: nameEn },
  }));
}

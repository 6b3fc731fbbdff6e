import type { EntityManager } from 'typeorm';
import type { Day } from '../shared/china-time.js';
import type { ClassRow, WaitlistTerms } from './waitlist.rules.js';

type Flags = 'silenceRefuses' | 'passesOn';

/** By which rule beds are offered on a day. One statement. */
export async function waitlistTerms(manager: EntityManager, on: Day): Promise<WaitlistTerms> {
  const [row]: (Omit<WaitlistTerms, Flags> & Record<Flags, number | boolean>)[] = await manager.query(
    `SELECT offerHours, moveInDaysMax, refusalsMax, refusalDays, closedDays, silenceRefuses, passesOn
         FROM waitlist_rule WHERE fromDay <= ? ORDER BY fromDay DESC LIMIT 1`,
    [on],
  );
  if (!row) throw new Error(`no rule of waiting lists counts on ${on}: the migrations bring one`);
  return { ...row, silenceRefuses: Boolean(row.silenceRefuses), passesOn: Boolean(row.passesOn) };
}

type Row = Omit<ClassRow, 'name' | 'atOnce' | 'rank'> & {
  classRank: number;
  atOnce: number | boolean;
  nameZh: string;
  nameEn: string;
};

const classColumns = 'place, classRank, category, levelMin, ageMin, atOnce, nameZh, nameEn';

/** The classes that count on a day, in the order in which they are tried. One statement. */
export async function waitlistClasses(manager: EntityManager, on: Day): Promise<ClassRow[]> {
  const rows: Row[] = await manager.query(
    `SELECT ${classColumns} FROM waitlist_class
      WHERE fromDay = (SELECT MAX(fromDay) FROM waitlist_class WHERE fromDay <= ?) ORDER BY place`,
    [on],
  );
  return rows.map(classRow);
}

function classRow({ nameZh, nameEn, atOnce, classRank, ...row }: Row): ClassRow {
  return { ...row, rank: classRank, atOnce: Boolean(atOnce), name: { zh: nameZh, en: nameEn } };
}

/** A rule of offers and the day on which it began, or begins. */
export interface DatedTerms extends WaitlistTerms {
  from: Day;
}

/** Every rule of offers, the latest first: few, for a rule counts for years. One statement. */
export async function datedTerms(manager: EntityManager): Promise<DatedTerms[]> {
  const rows: (Omit<WaitlistTerms, Flags> & { startsOn: Day } & Record<Flags, number | boolean>)[] =
    await manager.query(
      `SELECT CAST(fromDay AS CHAR) AS startsOn, offerHours, moveInDaysMax, refusalsMax, refusalDays, closedDays,
            silenceRefuses, passesOn FROM waitlist_rule ORDER BY fromDay DESC`,
    );
  return rows.map(({ startsOn, ...row }) => ({
    ...row,
    from: startsOn,
    silenceRefuses: Boolean(row.silenceRefuses),
    passesOn: Boolean(row.passesOn),
  }));
}

/** Classes that count together from a day on, in the order in which they are tried. */
export interface ClassSet {
  from: Day;
  classes: ClassRow[];
}

/** Every set of classes, the latest first. One statement. */
export async function classSets(manager: EntityManager): Promise<ClassSet[]> {
  const rows: (Row & { fromDay: Day })[] = await manager.query(
    `SELECT CAST(fromDay AS CHAR) AS fromDay, ${classColumns} FROM waitlist_class ORDER BY fromDay DESC, place`,
  );
  const sets: ClassSet[] = [];
  for (const { fromDay, ...row } of rows) {
    if (sets.at(-1)?.from !== fromDay) sets.push({ from: fromDay, classes: [] });
    sets.at(-1)?.classes.push(classRow(row));
  }
  return sets;
}

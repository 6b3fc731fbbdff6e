import type { Text } from '../shared/text.js';
import type { ClassRow, WaitlistTerms } from './waitlist.rules.js';

/** The least and the most that each number of a rule may be. */
const termLimits = {
  offerHours: [1, 720],
  moveInDaysMax: [0, 90],
  refusalsMax: [1, 20],
  refusalDays: [1, 3660],
  closedDays: [0, 3660],
} as const satisfies Partial<Record<keyof WaitlistTerms, readonly [number, number]>>;

const classLimits = { rank: [1, 30], levelMin: [0, 4], ageMin: [0, 130] } as const;
const classesMax = 30;
const nameLengths = { zh: 60, en: 120 } as const;

export interface Fault {
  field: string[];
  text: Text;
}

/** The first number of a rule that cannot be; undefined when all can. */
export function waitlistRuleFault(rule: WaitlistTerms): Fault | undefined {
  for (const [name, limits] of Object.entries(termLimits)) {
    const fault = numberFault(rule[name as keyof typeof termLimits], limits, ['rule', name]);
    if (fault) return fault;
  }
  return undefined;
}

/**
 * The first contradiction among classes that are tried from the top: a row that nobody can come to, because an earlier
 * one takes everybody of it; one that comes before a row above it; or a last row that leaves somebody out.
 */
export function classesFault(rows: readonly Omit<ClassRow, 'place'>[]): Fault | undefined {
  if (rows.length === 0 || rows.length > classesMax) {
    return fault([], `须为 1 至 ${classesMax} 类`, `must be 1 to ${classesMax} classes`);
  }
  for (const [index, row] of rows.entries()) {
    const earlier = rows.slice(0, index);
    const found = rowFault(row, index) ?? orderFault(row, earlier, index);
    if (found) return found;
  }
  const last = rows.at(-1) as Omit<ClassRow, 'place'>;
  if (asksNothing(last)) return undefined;
  return fault(
    [String(rows.length - 1)],
    '最后一类不得设条件，以免有人不属任何一类',
    'the last class must ask nothing, or somebody is in none',
  );
}

function rowFault({ rank, levelMin, ageMin, name }: Omit<ClassRow, 'place'>, index: number) {
  const at = (part: string) => ['classes', String(index), part];
  const wrong =
    numberFault(rank, classLimits.rank, at('rank')) ??
    (levelMin === null ? undefined : numberFault(levelMin, classLimits.levelMin, at('levelMin'))) ??
    (ageMin === null ? undefined : numberFault(ageMin, classLimits.ageMin, at('ageMin')));
  if (wrong) return wrong;
  for (const language of ['zh', 'en'] as const) {
    const most = nameLengths[language];
    const text = name[language];
    if (text.trim() !== '' && [...text].length <= most && !/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u.test(text)) continue;
    const part = language === 'zh' ? 'nameZh' : 'nameEn';
    return fault([String(index), part], `须为 1 至 ${most} 字`, `must have 1 to ${most} characters`);
  }
  return undefined;
}

function orderFault(
  row: Omit<ClassRow, 'place'>,
  earlier: readonly Omit<ClassRow, 'place'>[],
  index: number,
): Fault | undefined {
  const before = earlier.at(-1);
  if (before && (row.rank < before.rank || (row.atOnce && !before.atOnce))) {
    return fault(
      [String(index), row.rank < before.rank ? 'rank' : 'atOnce'],
      '不得先于排在其上的类别',
      'must not come before the class above it',
    );
  }
  const hides = earlier.findIndex((other) => takesAllOf(other, row));
  if (hides < 0) return undefined;
  return fault(
    [String(index)],
    `第 ${hides + 1} 类已包含此类的所有人`,
    `class ${hides + 1} takes everybody of it already`,
  );
}

/** True when whoever meets `row` meets `other`. */
function takesAllOf(other: Omit<ClassRow, 'place'>, row: Omit<ClassRow, 'place'>): boolean {
  const asksNoMore = (one: number | null, than: number | null) =>
    one === null || (than !== null && one <= than);
  return (
    (other.category === null || other.category === row.category) &&
    asksNoMore(other.levelMin, row.levelMin) &&
    asksNoMore(other.ageMin, row.ageMin)
  );
}

function asksNothing({ category, levelMin, ageMin }: Omit<ClassRow, 'place'>): boolean {
  return category === null && levelMin === null && ageMin === null;
}

function numberFault(value: number, [least, most]: readonly [number, number], field: string[]) {
  if (Number.isInteger(value) && value >= least && value <= most) return undefined;
  const text = { zh: `须为 ${least} 至 ${most} 的整数`, en: `must be a whole number of ${least} to ${most}` };
  return { field, text };
}

function fault(path: readonly string[], zh: string, en: string): Fault {
  return { field: ['classes', ...path], text: { zh, en } };
}

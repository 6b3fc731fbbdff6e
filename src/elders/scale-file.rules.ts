import { z } from 'zod';
import { type Day, isDay } from '../shared/china-time.js';
import { keyTwice, readJson } from '../shared/read-json.js';
import { type Refusal, refuse } from '../shared/refusal.js';

const name = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .refine((text) => !/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u.test(text), 'must have no control characters');
const code = z.string().regex(/^[A-Z][A-Z0-9_]{0,23}$/, 'must be 1 to 24 capitals, digits or _');
const names = { nameZh: name(60), nameEn: name(120) };
const whole = (least: number, most: number) => z.number().int().min(least).max(most);

/** A scale as a file: how long an assessment counts, what is asked, and which sum is which level. */
const scaleFile = z.strictObject({
  code: name(24),
  fromDay: z.string().refine(isDay, 'must be a day, YYYY-MM-DD'),
  ...names,
  validityMonths: whole(1, 60),
  comaLevel: whole(0, 4),
  worseBy: whole(0, 4),
  riskEventsMin: whole(1, 100),
  riskDays: whole(1, 3660),
  changeDays: whole(0, 366),
  indicators: z
    .array(z.strictObject({ code, groupCode: code.nullable(), ...names, scoreMax: whole(1, 100).nullable() }))
    .min(2)
    .max(200),
  levels: z.array(z.strictObject({ level: whole(0, 4), scoreMin: whole(0, 20_000), ...names })).length(5),
});

export type ScaleFile = z.output<typeof scaleFile>;

/** Reads such a file; what is refused names the place in it, and the first contradiction. */
export function readScaleFile(text: string): ScaleFile | Refusal<string> {
  const given = readJson(text);
  if (given === undefined) return refuseFile([], '不是可读的 JSON', 'The file is not JSON');
  if ('twice' in given) return refuse('DOCUMENT_INVALID', keyTwice(given.twice), ['file', ...given.twice]);
  const read = scaleFile.safeParse(given.said);
  if (!read.success) {
    const [issue] = read.error.issues;
    const path = (issue?.path ?? []).map(String);
    return refuseFile(path, '不合格式', `${path.join('.') || 'it'}: ${issue?.message ?? 'is no scale'}`);
  }
  return indicatorFault(read.data) ?? levelFault(read.data) ?? read.data;
}

/** Indicators of the first level have no score, those of the second stand in one of them and have one. */
function indicatorFault({ indicators }: ScaleFile): Refusal<string> | undefined {
  const groups = new Set(indicators.filter(({ groupCode }) => groupCode === null).map((each) => each.code));
  const seen = new Set<string>();
  for (const [index, { code: own, groupCode, scoreMax }] of indicators.entries()) {
    const at = ['indicators', String(index)];
    if (seen.has(own)) return refuseFile([...at, 'code'], '指标代码重复', `${own} is there twice`);
    seen.add(own);
    if ((groupCode === null) !== (scoreMax === null)) {
      return refuseFile(
        [...at, 'scoreMax'],
        '二级指标须有分值，一级指标不得有',
        `${own}: an indicator has a score when it is in a group, and only then`,
      );
    }
    if (groupCode !== null && !groups.has(groupCode)) {
      return refuseFile([...at, 'groupCode'], '没有这个一级指标', `${own}: there is no group ${groupCode}`);
    }
  }
  const empty = [...groups].find((group) => indicators.every(({ groupCode }) => groupCode !== group));
  if (empty === undefined) return undefined;
  return refuseFile(['indicators'], '一级指标下没有二级指标', `${empty} has nothing in it`);
}

/** Each of the five levels once, from the best down to the worst, which begins at 0 points. */
function levelFault({ indicators, levels }: ScaleFile): Refusal<string> | undefined {
  const most = indicators.reduce((sum, { scoreMax }) => sum + (scoreMax ?? 0), 0);
  for (const [index, { level, scoreMin }] of levels.entries()) {
    const at = ['levels', String(index)];
    if (level !== index)
      return refuseFile([...at, 'level'], '须依次为 0 至 4 级', 'levels must be 0, 1, 2, 3 and 4');
    const before = levels[index - 1]?.scoreMin ?? most + 1;
    if (scoreMin >= before) {
      return refuseFile(
        [...at, 'scoreMin'],
        '分值下限须逐级降低，且不超过总分',
        `level ${level} must begin below ${before} points`,
      );
    }
  }
  if (levels.at(-1)?.scoreMin === 0) return undefined;
  return refuseFile(['levels', '4', 'scoreMin'], '最重一级须自 0 分起', 'level 4 must begin at 0 points');
}

function refuseFile(path: readonly string[], zh: string, en: string): Refusal<string> {
  return refuse('DOCUMENT_INVALID', { zh: `${zh}${path.length > 0 ? `（${path.join('.')}）` : ''}`, en }, [
    'file',
    ...path,
  ]);
}

/** Why a scale cannot begin on its day; undefined when it can. */
export function scaleDayFault(
  { fromDay }: Pick<ScaleFile, 'fromDay'>,
  { today, taken }: { today: Day; taken: boolean },
): Refusal<string> | undefined {
  if (fromDay <= today) {
    const text = {
      zh: `须自 ${today} 之后的某日起：已按现行标准评定的不变`,
      en: `A scale begins after ${today}: what was assessed by the one of today stays`,
    };
    return refuse('DAY_OUT_OF_RANGE', text, ['file', 'fromDay']);
  }
  if (!taken) return undefined;
  const text = { zh: `${fromDay} 已有一套标准`, en: `There is a scale from ${fromDay} on already` };
  return refuse('DAY_TAKEN', text, ['file', 'fromDay']);
}

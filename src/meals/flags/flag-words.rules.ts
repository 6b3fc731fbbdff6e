import type { FlagRule } from '../../../entities/meals/fraud-flag.entity.js';
import type { Text } from '../../shared/text.js';

interface Numbers {
  measured: number;
  threshold: number;
}

/** What each sign says of its numbers. */
const words: Record<FlagRule, (numbers: Numbers) => Text> = {
  MANY_CARDS: ({ measured, threshold }) => ({
    zh: `同一刷卡机在数秒之内刷了 ${measured} 张不同的卡（达到 ${threshold} 张即提示）`,
    en: `${measured} different cards within seconds on one reader; ${threshold} are a sign`,
  }),
  TOO_FAST_TRAVEL: ({ measured, threshold }) => ({
    zh: `同一老人在两处刷卡相隔 ${lasting(measured).zh}，路上至少需要 ${lasting(threshold).zh}`,
    en: `one elder at two canteens ${lasting(measured).en} apart, and the way takes ${lasting(threshold).en} at least`,
  }),
  DURING_STAY: ({ measured }) => ({
    zh: `老人入住机构（含住院请假）期间刷卡 ${measured} 次`,
    en: `${measured} swipes while the elder lived in an institution or was on leave from it`,
  }),
  AFTER_END: ({ measured }) => ({
    zh: `老人去世、迁出或档案结束之后刷卡 ${measured} 次`,
    en: `${measured} swipes after the elder had died or moved away, or the file was closed`,
  }),
  OUTSIDE_WINDOWS: ({ measured, threshold }) => ({
    zh: `供餐时段之外刷卡 ${measured} 次（达到 ${threshold} 次即提示）`,
    en: `${measured} swipes while no meal was served; ${threshold} are a sign`,
  }),
  LONG_BACKFILL: ({ measured, threshold }) => ({
    zh: `${measured} 次刷卡很久以后才上传（达到 ${threshold} 次即提示）`,
    en: `${measured} swipes were uploaded long after the tap; ${threshold} are a sign`,
  }),
  BEYOND_SEATS: ({ measured, threshold }) => ({
    zh: `一餐堂食 ${measured} 人，座位至多容纳 ${threshold} 人`,
    en: `${measured} ate in during one meal, and there is room for ${threshold}`,
  }),
  SAME_ORDER: ({ measured, threshold }) => ({
    zh: `连日刷卡顺序至少 ${measured}% 相同（达到 ${threshold}% 即提示）`,
    en: `at least ${measured} per cent of the cards came in the same order day after day; ${threshold} are a sign`,
  }),
  OWN_DELIVERIES: ({ measured, threshold }) => ({
    zh: `同一人既下单又签收的送餐一天 ${measured} 份（达到 ${threshold} 份即提示）`,
    en: `${measured} meals of a day that one person ordered and handed over; ${threshold} are a sign`,
  }),
};

export function wordsOf(rule: FlagRule, numbers: Numbers): Text {
  return words[rule](numbers);
}

function lasting(seconds: number): Text {
  if (seconds < 120) return { zh: `${seconds} 秒`, en: `${seconds} s` };
  const minutes = Math.floor(seconds / 60);
  return { zh: `${minutes} 分钟`, en: `${minutes} minutes` };
}

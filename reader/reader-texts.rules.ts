import type { Meal } from '../entities/meals/meal-window.entity.js';
import type { DiningMode, MenuKind } from '../entities/meals/swipe.entity.js';
import { swipeMessage } from '../src/meals/swipe-messages.js';
import type { Text } from '../src/shared/text.js';
import type { ReaderState } from './reader-state.rules.js';
import { type ReaderReason, readerReasons, type TapResult } from './tap-result.js';

const reasons: Readonly<Record<ReaderReason, Text>> = {
  SNAPSHOT_TOO_OLD: { zh: '离线名单已过期', en: 'The stored list is too old' },
  DAY_NOT_COVERED: { zh: '离线名单不含今日', en: 'The stored list does not cover today' },
  CARD_NOT_LISTED: { zh: '离线名单中无此卡', en: 'This card is not in the stored list' },
  NO_SNAPSHOT: { zh: '尚无离线名单', en: 'There is no stored list yet' },
  UNBOUND: { zh: '首次使用须先联网', en: 'The first use needs the network' },
  CLOCK_WRONG: {
    zh: '时钟不可信，须联网校时',
    en: 'The clock cannot be trusted until the server is reached',
  },
  REVOKED: { zh: '刷卡机密钥已停用', en: 'The key of this reader is not active' },
  NOT_UNDERSTOOD: { zh: '服务器无法读取此笔', en: 'The server cannot read this tap' },
  NOT_STORED: {
    zh: '本机无法存储，请勿供餐，腾出空间后重刷',
    en: 'It could not be stored: hand nothing out, make room and hold the card again',
  },
};

export const stateTexts: Readonly<Record<ReaderState, Text>> = {
  UNBOUND: { zh: '未绑定', en: 'not bound' },
  STARTING: { zh: '正在连接', en: 'connecting' },
  ONLINE: { zh: '联机', en: 'online' },
  OFFLINE_TRUSTED: { zh: '离线（名单有效）', en: 'offline, deciding by the stored list' },
  OFFLINE_UNTRUSTED: { zh: '离线（名单无效，只存储）', en: 'offline, storing only' },
  CLOCK_WRONG: { zh: '时钟不可信', en: 'clock not trusted' },
  REVOKED: { zh: '已停用', en: 'key not active' },
};

export const mealTexts: Readonly<Record<Meal, Text>> = {
  BREAKFAST: { zh: '早餐', en: 'breakfast' },
  LUNCH: { zh: '午餐', en: 'lunch' },
  DINNER: { zh: '晚餐', en: 'dinner' },
};

export const modeTexts: Readonly<Record<DiningMode, Text>> = {
  DINE_IN: { zh: '堂食', en: 'dine-in' },
  TAKE_AWAY: { zh: '自取', en: 'take-away' },
  DELIVERY: { zh: '送餐', en: 'delivery' },
};

export const menuTexts: Readonly<Record<MenuKind, Text>> = {
  SET_MEAL: { zh: '套餐', en: 'set meal' },
  A_LA_CARTE: { zh: '点菜', en: 'à la carte' },
  SPECIAL_DIET: { zh: '特殊餐', en: 'special diet' },
};

/** What the display says first. */
export function headline({ verdict, code, by }: TapResult): Text {
  if (verdict === 'STORED') {
    return {
      zh: `已存储，联网后审核（${reasonText(code).zh}）`,
      en: `Stored, to be judged later (${reasonText(code).en})`,
    };
  }
  if (verdict === 'TAKEN' && by === 'READER')
    return { zh: '刷卡成功（离线，稍后上传）', en: 'Accepted offline, to be uploaded' };
  return reasonText(code);
}

function reasonText(code: TapResult['code']): Text {
  if (isReaderReason(code)) return reasons[code];
  const answer = { outcome: code, reviewReason: null, field: null };
  return { zh: swipeMessage(answer, 'zh'), en: swipeMessage(answer, 'en') };
}

function isReaderReason(code: TapResult['code']): code is ReaderReason {
  return (readerReasons as readonly string[]).includes(code);
}

/** Yuan with two places. */
export function yuan(fen: number): string {
  return (fen / 100).toFixed(2);
}

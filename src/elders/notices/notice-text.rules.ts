import type { NoticeKind } from '../../../entities/elders/elder-notice.entity.js';
import { dayOf, minuteOfDay } from '../../shared/china-time.js';
import type { Text } from '../../shared/text.js';
import { maskedName } from '../masked-name.rules.js';

/** What a message is made of. */
export interface NoticeFacts {
  kind: NoticeKind;
  /** Of the elder, whole. */
  name: string;
  happensAt: Date | null;
  insteadOf: Date | null;
  times: number;
}

/**
 * The words of a message. Whoever looks over a shoulder reads them too: the name is masked, and neither a place nor a
 * service is named, for both tell how somebody is.
 */
export function noticeText({ kind, name, happensAt, insteadOf, times }: NoticeFacts): Text {
  const who = maskedName(name);
  const at = happensAt === null ? { zh: '近日', en: 'shortly' } : instantText(happensAt);
  const before = insteadOf === null ? at : instantText(insteadOf);
  const more = moreOf(times);
  switch (kind) {
    case 'BED_OFFERED':
      return {
        zh: `【银龄】${who}轮候的床位有空位。请在${at.zh}前登录答复，逾期将通知下一位。`,
        en: `[Yinling] A place is offered to ${who}. Sign in and answer until ${at.en}; after that it goes to the next in line.`,
      };
    case 'VISIT_MOVED':
      return {
        zh: `【银龄】${who}${before.zh}的上门服务已由服务站改到${at.zh}${more.zh}。详情请登录查看。`,
        en: `[Yinling] The visit to ${who} of ${before.en} was moved by the station to ${at.en}${more.en}. Sign in for more.`,
      };
    case 'VISIT_CANCELLED':
      return {
        zh: `【银龄】${who}${at.zh}的上门服务已由服务站取消${more.zh}。详情请登录查看。`,
        en: `[Yinling] The visit to ${who} of ${at.en} was called off by the station${more.en}. Sign in for more.`,
      };
    case 'VISIT_MISSED':
      return {
        zh: `【银龄】${who}${at.zh}的上门服务无人到场，请与服务站或老人联系。`,
        en: `[Yinling] Nobody came to the visit to ${who} of ${at.en}. Please ring the station or the elder.`,
      };
  }
}

function moreOf(times: number): Text {
  if (times === 1) return { zh: '', en: '' };
  return { zh: `，其后 ${times - 1} 次同样处理`, en: `, and ${times - 1} after it likewise` };
}

/** A day and a time as people in China read it. */
function instantText(instant: Date): Text {
  const [, month = '', day = ''] = dayOf(instant).split('-');
  const minutes = minuteOfDay(instant);
  const time = `${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`;
  return { zh: `${Number(month)}月${Number(day)}日${time}`, en: `${dayOf(instant)} ${time}` };
}

const pad = (number: number) => String(number).padStart(2, '0');

import type { VisitStatus } from '../../entities/visits/visit.entity.js';
import type { CheckKind } from '../../entities/visits/visit-check.entity.js';
import { type Refusal, refuse } from '../shared/refusal.js';
import type { Text } from '../shared/text.js';

/** Why a tap is not recorded, or a visit not ended. When several apply, the first in this list is the answer. */
export type CheckRefusalCode =
  | 'REQUEST_ID_MALFORMED'
  | 'POSITION_INVALID'
  | 'TAG_INVALID'
  | 'NOTE_INVALID'
  | 'VISIT_UNKNOWN'
  | 'REQUEST_ID_REUSED'
  | 'TOO_MANY'
  | 'TIME_OUT_OF_RANGE'
  | 'WRONG_STATUS'
  | 'TOO_FAR_AWAY';
export type CheckRefusal = Refusal<CheckRefusalCode>;

const texts = {
  REQUEST_ID_MALFORMED: ['requestId', { zh: '须为 UUID', en: 'must be a UUID' }],
  POSITION_INVALID: [
    'latitude',
    {
      zh: '定位有误：纬度 -90 至 90，经度 -180 至 180，须同时填写；误差 0 至 100000 米',
      en: 'Latitude, -90 to 90, and longitude, -180 to 180, come together; an accuracy is 0 to 100000 metres',
    },
  ],
  TAG_INVALID: ['tag', { zh: '门牌码为 1 至 100 个字符', en: 'has 1 to 100 characters' }],
  NOTE_INVALID: ['reason', { zh: '须填写理由，至多 200 字', en: 'must be 1 to 200 characters' }],
  VISIT_UNKNOWN: ['visitId', { zh: '无此服务', en: 'No such visit' }],
  REQUEST_ID_REUSED: [
    'requestId',
    { zh: '该编号已用于其他打卡', en: 'was used before for another tap; nothing was written' },
  ],
  TOO_MANY: ['visitId', { zh: '此次服务的打卡过多', en: 'has as many taps of this caregiver as are kept' }],
} as const satisfies Partial<Record<CheckRefusalCode, readonly [string, Text]>>;

export function refuseCheck(code: keyof typeof texts, field: string = texts[code][0]): CheckRefusal {
  return refuse(code, texts[code][1], [field]);
}

const timeTexts: Readonly<Record<'FUTURE' | 'STALE' | 'TOO_EARLY' | 'TOO_LATE', Text>> = {
  FUTURE: { zh: '打卡时间在将来，请校准手机时钟', en: 'lies in the future: set the clock of the device' },
  STALE: {
    zh: '手机时钟与服务器相差过大，请校准；无网络时的打卡请作为离线打卡上传',
    en: 'is far from the clock of the server: set the device’s, and upload what was tapped without a network as offline',
  },
  TOO_EARLY: { zh: '尚未到可以签到的时间', en: 'lies before the visit can be checked into' },
  TOO_LATE: { zh: '已过可以打卡的时间', en: 'lies after the time in which taps belong to the visit' },
};

export function refuseTime(fault: keyof typeof timeTexts): CheckRefusal {
  return refuse('TIME_OUT_OF_RANGE', timeTexts[fault], ['at']);
}

export function refuseStatus(from: VisitStatus, what: CheckKind | 'END'): CheckRefusal {
  const to = what === 'IN' ? 'IN_PROGRESS' : 'COMPLETED';
  const text = { zh: `不能由 ${from} 变为 ${to}`, en: `does not lead from ${from} to ${to}` };
  return refuse('WRONG_STATUS', text, ['visitId']);
}

/** Whoever taps a second time, or out before in. */
export function refuseTwice(kind: CheckKind, status: VisitStatus, hasArrived: boolean): CheckRefusal {
  if (kind === 'OUT' && !hasArrived) {
    const text = { zh: `${status}：您尚未签到`, en: `${status}: you have not checked in` };
    return refuse('WRONG_STATUS', text, ['visitId']);
  }
  const text =
    kind === 'IN'
      ? { zh: `${status}：您已经签到`, en: `${status}: you have checked in already` }
      : { zh: `${status}：您已经签退`, en: `${status}: you have checked out already` };
  return refuse('WRONG_STATUS', text, ['visitId']);
}

export function refuseFar(distanceMetres: number, farMetres: number): CheckRefusal {
  const text = {
    zh: `距老人家约 ${distanceMetres} 米，须在 ${farMetres} 米以内`,
    en: `About ${distanceMetres} m from the elder's door; ${farMetres} m at most`,
  };
  return refuse('TOO_FAR_AWAY', text, ['latitude']);
}

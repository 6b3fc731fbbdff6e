import { type Refusal, refuse } from '../shared/refusal.js';
import type { Text } from '../shared/text.js';

/** Why a review was not decided, in order of precedence: the first that applies is answered. */
export const reviewRefusalCodes = [
  'REQUEST_ID_MALFORMED',
  'NOTE_INVALID',
  'FUNDER_NOT_FITTING',
  'REVIEW_UNKNOWN',
  'REQUEST_ID_REUSED',
  'ALREADY_DECIDED',
  'SWIPE_VOIDED',
  'DISPUTE_UPHELD',
  'REVIEW_WITHDRAWN',
  'MONTH_CLOSED',
  'SUPERVISOR_NEEDED',
  'BEARER_NOT_FITTING',
  'FUNDER_UNKNOWN',
  'FUNDER_ELSEWHERE',
  'ELDER_NOT_ENTITLED',
  'ELDER_IN_INSTITUTION',
  'MEAL_ALREADY_TAKEN',
  'BALANCE_TOO_LOW',
] as const;
export type ReviewRefusalCode = (typeof reviewRefusalCodes)[number];
export type ReviewRefusal = Refusal<ReviewRefusalCode>;

export const noteLengthMax = 200;

const texts: Record<ReviewRefusalCode, readonly [field: string, text: Text]> = {
  REQUEST_ID_MALFORMED: ['requestId', { zh: '请求编号须为 UUID', en: 'The request id must be a UUID' }],
  NOTE_INVALID: [
    'note',
    {
      zh: `须填写理由，至多 ${noteLengthMax} 字，且不得含控制字符`,
      en: `must be 1 to ${noteLengthMax} characters, none of them a control character`,
    },
  ],
  FUNDER_NOT_FITTING: [
    'funderCode',
    {
      zh: '由出资方承担时须指明出资方，其他情形不得填写',
      en: 'is named when a funder bears the meal, and only then',
    },
  ],
  // A swipe that was not recorded for review is answered just so: there is nothing to decide on it.
  REVIEW_UNKNOWN: ['swipeId', { zh: '无此待审核记录', en: 'No such swipe was recorded for review' }],
  REQUEST_ID_REUSED: [
    'requestId',
    {
      zh: '该请求编号已用于其他内容，未作任何更改',
      en: 'The request id was used before with other content; nothing was written',
    },
  ],
  ALREADY_DECIDED: ['swipeId', { zh: '此笔已有决定', en: 'It was decided before' }],
  SWIPE_VOIDED: ['swipeId', { zh: '此笔已撤销', en: 'The swipe was voided' }],
  DISPUTE_UPHELD: [
    'swipeId',
    {
      zh: '此笔争议已成立，补贴由食堂承担',
      en: 'A dispute about it was upheld: the canteen bears its subsidy',
    },
  ],
  REVIEW_WITHDRAWN: [
    'swipeId',
    {
      zh: '该老人用餐当日并未入住机构，复核已自动撤销，补贴照旧',
      en: 'The elder turned out to live at home on the day of the meal: the review ended by itself, and the subsidy stands',
    },
  ],
  MONTH_CLOSED: [
    'swipeId',
    { zh: '该食堂本月结算单已冻结', en: "The canteen's statement of this month is frozen" },
  ],
  SUPERVISOR_NEEDED: [
    'bornBy',
    {
      zh: '由出资方承担的，须由食堂的上级决定',
      en: 'That funders bear it is decided above the canteen, never by the canteen alone',
    },
  ],
  BEARER_NOT_FITTING: [
    'bornBy',
    {
      zh: '此笔不能这样承担：待审核的餐不能维持原补贴，事后存疑的补贴不能另指出资方',
      en: 'does not fit: only a doubted subsidy can stay as paid, and no other funder can be named for it',
    },
  ],
  FUNDER_UNKNOWN: ['funderCode', { zh: '没有此编码的出资方', en: 'No funder has this code' }],
  FUNDER_ELSEWHERE: [
    'funderCode',
    {
      zh: '该出资方不承担此地的补贴',
      en: 'The funder pays neither for the place of the canteen or the home of the elder nor by the rules of that day',
    },
  ],
  ELDER_NOT_ENTITLED: [
    'bornBy',
    {
      zh: '用餐当日该老人的档案已经结束，不得补贴',
      en: 'The file of the elder had ended on the day of the meal: nothing of it is subsidised',
    },
  ],
  ELDER_IN_INSTITUTION: [
    'bornBy',
    {
      zh: '用餐当日该老人住在养老机构或医院，按当日规则该出资方不补贴在院老人',
      en: 'On the day of the meal the elder lived in an institution or was in hospital, and by the rules of that day this funder bears no meals of residents',
    },
  ],
  MEAL_ALREADY_TAKEN: [
    'bornBy',
    {
      zh: '该老人当日此餐已另有一笔，不得再次补贴',
      en: 'The elder had this meal of the day already: it is not subsidised twice',
    },
  ],
  BALANCE_TOO_LOW: [
    'bornBy',
    { zh: '老人账户余额不足', en: "The elder's balance is lower than the price of the meal" },
  ],
};

export function refuseReview(code: ReviewRefusalCode): ReviewRefusal {
  const [field, text] = texts[code];
  return refuse(code, text, [field]);
}

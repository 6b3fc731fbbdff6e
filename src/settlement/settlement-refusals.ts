import type { StatementState } from '../../entities/settlement/month-statement.entity.js';
import { type Refusal, refuse } from '../shared/refusal.js';
import type { Text } from '../shared/text.js';
import { noteLengthMax, type StepFault } from './statement.rules.js';

export type StatementRefusalCode =
  | 'STATEMENT_UNKNOWN'
  | 'MONTH_INVALID'
  | StepFault
  | 'MONTH_NOT_OVER'
  | 'EARLIER_MONTH_OPEN'
  | 'DISPUTES_OPEN'
  | 'LINE_UNKNOWN'
  | 'LINE_NOT_DISPUTABLE'
  | 'DISPUTE_UNKNOWN'
  | 'OUT_OF_TURN';
export type StatementRefusal = Refusal<StatementRefusalCode>;

type Told = { text: Text; field: readonly string[] };

export const stateNames: Readonly<Record<StatementState, string>> = {
  DRAFT: '草稿',
  SUBMITTED: '已提交',
  REVIEWED: '已审核',
  SIGNED: '已签批',
  PAID: '已拨付',
  FROZEN: '已封账',
};

/** What is said of each, without what depends on the case. */
const said: Readonly<Record<Exclude<StatementRefusalCode, 'WRONG_STATE' | 'EARLIER_MONTH_OPEN'>, Told>> = {
  STATEMENT_UNKNOWN: {
    text: { zh: '无此结算单', en: 'there is no such statement' },
    field: ['canteenId'],
  },
  MONTH_INVALID: {
    text: { zh: '须为年-月，如 2026-10', en: 'must be a month such as 2026-10' },
    field: ['month'],
  },
  NOT_ENTITLED: {
    text: {
      zh: '您在此级别无权执行这一步',
      en: 'the caller holds no role at the level that takes this step',
    },
    field: ['canteenId'],
  },
  FROZEN: {
    text: {
      zh: '结算单已封账（FROZEN），不可更改，更正计入下月',
      en: 'the statement is FROZEN and never changes; corrections go into the next month',
    },
    field: ['month'],
  },
  VERSION_CHANGED: {
    text: { zh: '结算单已有变动，请重新查看', en: 'the statement has moved on since it was read' },
    field: ['version'],
  },
  SAME_PERSON: {
    text: {
      zh: '上一步或提交由您办理，这一步须由他人办理',
      en: 'the caller took the last step or submitted the statement; another person must take this one',
    },
    field: ['canteenId'],
  },
  NOTE_INVALID: {
    text: {
      zh: `须填写，至多 ${noteLengthMax} 字，且不得含控制字符`,
      en: `must be 1 to ${noteLengthMax} characters, none of them a control character`,
    },
    field: ['note'],
  },
  MONTH_NOT_OVER: {
    text: {
      zh: '该月尚未结束，次月 1 日 0 时 10 分起可提交',
      en: 'the month is not over; from ten past midnight on the 1st it can be submitted',
    },
    field: ['month'],
  },
  DISPUTES_OPEN: {
    text: { zh: '仍有争议未作决定', en: 'there are disputes without a decision' },
    field: ['month'],
  },
  LINE_UNKNOWN: { text: { zh: '结算单中无此明细', en: 'the statement has no such line' }, field: ['lineId'] },
  LINE_NOT_DISPUTABLE: {
    text: {
      zh: '此明细无补贴、已提出过争议或已撤销',
      en: 'the line has no subsidy, was disputed before, or was taken back',
    },
    field: ['lineId'],
  },
  DISPUTE_UNKNOWN: { text: { zh: '无此争议', en: 'there is no such dispute' }, field: ['disputeId'] },
  OUT_OF_TURN: {
    text: {
      zh: '争议须先答复、后决定，各一次',
      en: 'a dispute is answered once and then decided once',
    },
    field: ['disputeId'],
  },
};

export function refuseStatement(code: keyof typeof said, field?: readonly string[]): StatementRefusal {
  const { text, field: usual } = said[code];
  return refuse(code, text, field ?? usual);
}

export function refuseState(state: StatementState): StatementRefusal {
  if (state === 'FROZEN') return refuseStatement('FROZEN');
  const text = {
    zh: `结算单现为“${stateNames[state]}”（${state}），不能执行这一步`,
    en: `the statement is ${state}, in which this step is not taken`,
  };
  return refuse('WRONG_STATE', text, ['month']);
}

export function refuseEarlier(month: string): StatementRefusal {
  const text = {
    zh: `须先提交 ${month} 的结算单`,
    en: `the statement of ${month} has to be submitted first`,
  };
  return refuse('EARLIER_MONTH_OPEN', text, ['month']);
}

export function refuseFault(fault: StepFault, state: StatementState): StatementRefusal {
  return fault === 'WRONG_STATE' ? refuseState(state) : refuseStatement(fault);
}

import { createHash } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { Elder } from '../../entities/elders/elder.entity.js';
import { addDays, type Day, dayOf } from '../shared/china-time.js';
import { cipherOf } from '../shared/database-cipher.js';
import { type Refusal, refuse } from '../shared/refusal.js';
import { insertRows } from '../shared/statements.js';
import type { Text } from '../shared/text.js';
import { isUuid } from '../shared/uuid.js';
import { assessed, expiryOf, type Findings, type Scale, scoresFault } from './assessment.rules.js';
import { scaleOn } from './assessment-scale.js';
import type { ElderScope } from './elder-scope.js';
import { lockElder } from './find-elder.js';
import { assessmentsOf, findingsName, type KeptAssessment } from './read-assessments.js';

/** In order of precedence. */
export const assessmentRefusalCodes = [
  'REQUEST_ID_MALFORMED',
  'NOTE_INVALID',
  'ELDER_UNKNOWN',
  'REQUEST_ID_REUSED',
  'ELDER_NOT_ACTIVE',
  'DAY_OUT_OF_RANGE',
  'RISK_EVENTS_INVALID',
  'SCORE_INVALID',
  'SCORE_MISSING',
] as const;
export type AssessmentRefusalCode = (typeof assessmentRefusalCodes)[number];
export type AssessmentRefusal = Refusal<AssessmentRefusalCode>;

const texts: Record<AssessmentRefusalCode, Text> = {
  REQUEST_ID_MALFORMED: { zh: '请求编号须为 UUID', en: 'The request id must be a UUID' },
  NOTE_INVALID: { zh: '说明至多 200 字', en: 'A note has at most 200 characters' },
  ELDER_UNKNOWN: { zh: '没有这位老人的档案', en: 'There is no such elder' },
  REQUEST_ID_REUSED: {
    zh: '该请求编号已用于其他内容，未作任何更改',
    en: 'The request id was used before with other content; nothing was written',
  },
  ELDER_NOT_ACTIVE: { zh: '该老人的档案已经结束', en: 'The file of this elder has ended' },
  DAY_OUT_OF_RANGE: { zh: '日期超出允许范围', en: 'The day is out of range' },
  RISK_EVENTS_INVALID: { zh: '意外事件次数须为 0 至 99', en: 'Events of risk are 0 to 99' },
  SCORE_INVALID: { zh: '没有这项指标，或分值不在范围内，或重复', en: 'No such indicator or score, or twice' },
  SCORE_MISSING: { zh: '有指标未评分', en: 'An indicator has no score' },
};

export function refuseAssessment(
  code: AssessmentRefusalCode,
  field: readonly string[],
  text: Text = texts[code],
): AssessmentRefusal {
  return refuse(code, text, field);
}

export interface AssessmentWanted {
  /** Two unused ids in a row: the second for a level that the file was opened with. */
  id: number;
  requestId: string;
  elderId: number;
  assessedOn: Day;
  findings: Findings;
  byId: number;
  now: Date;
}

/**
 * Records an assessment; the file's level and its expiry follow in the same transaction. It must not lie before the last
 * one, so that what counted on a day never changes; of two of one day the later recorded counts.
 */
export async function recordAssessment(
  manager: EntityManager,
  wanted: AssessmentWanted,
  scope: ElderScope,
): Promise<KeptAssessment | AssessmentRefusal> {
  const { id, elderId, assessedOn, findings, byId, now } = wanted;
  const requestId = wanted.requestId.toLowerCase();
  if (!isUuid(requestId)) return refuseAssessment('REQUEST_ID_MALFORMED', ['requestId']);
  const elder = await lockElder(manager, elderId, scope, dayOf(now));
  if (!elder) return refuseAssessment('ELDER_UNKNOWN', ['elderId']);
  const content = [elderId, assessedOn, findings];
  const contentHash = createHash('sha256').update(JSON.stringify(content)).digest('hex');
  const earlier = await answeredBefore(manager, requestId, contentHash);
  if (earlier) return earlier;
  if (elder.status !== 'ACTIVE') return refuseAssessment('ELDER_NOT_ACTIVE', ['elderId']);
  const before = (await assessmentsOf(manager, [elderId])).get(elderId) ?? [];
  const scale = await scaleOn(manager, assessedOn);
  const fault = dayFault(wanted, elder, before) ?? findingsFault(findings, scale);
  if (fault) return fault;
  if (before.length === 0) await keepRegistered(manager, elder, id + 1, now);
  const { score, level } = assessed(findings, scale);
  // A level that the file was opened with has place 0.
  const place = before.filter((each) => each.kind === 'ASSESSED').length + 1;
  const expiresOn = expiryOf(assessedOn, scale);
  const findingsSealed = cipherOf(manager).encrypt(findingsName(id), JSON.stringify(findings));
  await insertRows(
    manager,
    'elder_assessment',
    [
      ...[
        'id',
        'elderId',
        'place',
        'kind',
        'requestId',
        'contentHash',
        'assessedOn',
        'level',
        'score',
        'scaleId',
      ],
      ...['findingsSealed', 'expiresOn', 'countsUntil', 'recordedAt', 'recordedById'],
    ],
    [
      [
        ...[id, elderId, place, 'ASSESSED', requestId, contentHash, assessedOn, level, score, scale.id],
        ...[findingsSealed, expiresOn, expiresOn, now.getTime(), byId],
      ],
    ],
  );
  await manager.query(
    'UPDATE elder_state_change SET assessmentId = ?, openElderId = NULL WHERE openElderId = ?',
    [id, elderId],
  );
  await manager.update(Elder, { id: elderId }, { abilityLevel: level, abilityExpiresOn: expiresOn });
  const kept = { id, elderId, kind: 'ASSESSED' as const, assessedOn, level, score, findings };
  return { ...kept, expiresOn, countsUntil: expiresOn, recordedAt: now };
}

async function answeredBefore(
  manager: EntityManager,
  requestId: string,
  contentHash: string,
): Promise<KeptAssessment | AssessmentRefusal | undefined> {
  const [row]: { id: number | string; elderId: number; contentHash: string }[] = await manager.query(
    'SELECT id, elderId, contentHash FROM elder_assessment WHERE requestId = ?',
    [requestId],
  );
  if (!row) return undefined;
  if (row.contentHash !== contentHash) return refuseAssessment('REQUEST_ID_REUSED', ['requestId']);
  const kept = (await assessmentsOf(manager, [row.elderId])).get(row.elderId) ?? [];
  return kept.find(({ id }) => id === Number(row.id));
}

/** How late an assessment may be entered, in days: an older one has expired. */
const daysBackMax = 365;

function dayFault(
  { assessedOn, now }: AssessmentWanted,
  elder: Elder,
  before: readonly KeptAssessment[],
): AssessmentRefusal | undefined {
  const today = dayOf(now);
  const first = [elder.registeredOn, addDays(today, -daysBackMax), before.at(-1)?.assessedOn ?? ''].reduce(
    (one, other) => (one > other ? one : other),
  );
  if (assessedOn >= first && assessedOn <= today) return undefined;
  const text = { zh: `须在 ${first} 至 ${today} 之间`, en: `must be within ${first} and ${today}` };
  return refuseAssessment('DAY_OUT_OF_RANGE', ['assessedOn'], text);
}

function findingsFault(findings: Findings, scale: Scale): AssessmentRefusal | undefined {
  const { riskEvents } = findings;
  if (!Number.isInteger(riskEvents) || riskEvents < 0 || riskEvents > 99) {
    return refuseAssessment('RISK_EVENTS_INVALID', ['riskEvents']);
  }
  const fault = scoresFault(findings, scale);
  if (!fault) return undefined;
  if ('index' in fault) return refuseAssessment('SCORE_INVALID', ['scores', String(fault.index)]);
  const name = scale.indicators.find(({ code }) => code === fault.missing)?.name;
  const text = { zh: `${name?.zh}未评分`, en: `${name?.en} has no score (${fault.missing})` };
  return refuseAssessment('SCORE_MISSING', ['scores'], text);
}

/** Keeps the level that a file was opened with as a row of its own, before something else takes its place. */
export async function keepRegistered(
  manager: EntityManager,
  { id: elderId, abilityLevel, abilityExpiresOn, registeredOn }: Elder,
  id: number,
  now: Date,
): Promise<void> {
  if (abilityLevel === null) return;
  await insertRows(
    manager,
    'elder_assessment',
    ['id', 'elderId', 'place', 'kind', 'assessedOn', 'level', 'expiresOn', 'countsUntil', 'recordedAt'],
    [
      [
        ...[id, elderId, 0, 'REGISTERED', registeredOn, abilityLevel],
        ...[abilityExpiresOn, abilityExpiresOn, now.getTime()],
      ],
    ],
  );
}

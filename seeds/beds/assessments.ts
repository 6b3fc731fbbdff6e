import { createHash } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { assessed, expiryOf, type Findings, type Scale } from '../../src/elders/assessment.rules.js';
import { findingsName } from '../../src/elders/read-assessments.js';
import { addDays, type Day, instantOn } from '../../src/shared/china-time.js';
import { cipherOf } from '../../src/shared/database-cipher.js';
import { insertRows, placeholders } from '../../src/shared/statements.js';
import { bitsOf } from '../deterministic.js';
import { type Applicant, seededRequestId } from './applicants.js';
import { inParts } from './parts.js';

/** An assessment as it is to be, before it has an id. */
export interface PlannedAssessment {
  applicant: Applicant;
  /** 1 for the first since the file was opened. */
  place: number;
  assessedOn: Day;
  level: number;
}

/** The first before somebody comes or applies, and one before each of them expires, until the day they are looked at. */
export function assessmentsUntil(
  applicant: Applicant,
  level: number,
  { before, until }: { before: Day; until: Day },
): PlannedAssessment[] {
  const early = addDays(before, -(3 + (intervalBits(applicant.elderId) % 15)));
  let assessedOn = early < applicant.registeredOn ? applicant.registeredOn : early;
  const planned: PlannedAssessment[] = [];
  while (assessedOn <= until) {
    planned.push({ applicant, place: planned.length + 1, assessedOn, level });
    assessedOn = addDays(assessedOn, 340 + (intervalBits(applicant.elderId * 8 + planned.length) % 20));
  }
  return planned;
}

const intervalBits = bitsOf('days between assessments');
const scoreBits = bitsOf('score of an assessment');

/** Scores that add up to a sum of the level: points are taken from the whole, indicator by indicator. */
export function findingsOf(level: number, scale: Scale, index: number): Findings {
  const least = scale.levels.find((one) => one.level === level)?.scoreMin ?? 0;
  const indicators = scale.indicators.flatMap(({ code, scoreMax }) =>
    scoreMax === null ? [] : [{ code, score: scoreMax }],
  );
  const whole = indicators.reduce((sum, { score }) => sum + score, 0);
  const better = scale.levels.filter((one) => one.level < level).map(({ scoreMin }) => scoreMin);
  const most = better.length === 0 ? whole : Math.min(...better) - 1;
  let missing = whole - (least + (scoreBits(index) % (most - least + 1)));
  for (let turn = 0; missing > 0; turn += 1) {
    const indicator = indicators[(scoreBits(index * 128 + turn) + turn) % indicators.length];
    if (!indicator || indicator.score === 0) continue;
    indicator.score -= 1;
    missing -= 1;
  }
  return { scores: indicators, isInComa: false, hasDementia: false, riskEvents: 0 };
}

/** How many ids so many assessments of so many elders take. */
export function assessmentIds(planned: readonly PlannedAssessment[]): number {
  return planned.length + new Set(planned.map(({ applicant }) => applicant)).size;
}

/** Keeps them as recording them one after the other would have, and brings the files up to date. */
export async function insertAssessments(
  manager: EntityManager,
  planned: readonly PlannedAssessment[],
  { scale, firstId, byId }: { scale: Scale; firstId: number; byId: number },
): Promise<void> {
  const cipher = cipherOf(manager);
  let id = firstId;
  const rows = planned.flatMap(({ applicant, place, assessedOn, level }) => {
    const { elderId } = applicant;
    const ownId = id++;
    const recordedAt = instantOn(assessedOn, 15 * 60).getTime();
    const findings = findingsOf(level, scale, elderId * 8 + place);
    const { score } = assessed(findings, scale);
    const contentHash = createHash('sha256')
      .update(JSON.stringify([elderId, assessedOn, findings]))
      .digest('hex');
    const sealed = cipher.encrypt(findingsName(ownId), JSON.stringify(findings));
    const expiresOn = expiryOf(assessedOn, scale);
    const requestId = seededRequestId('assessment', elderId, place);
    return [
      ...(place === 1 ? registered(applicant, id++, recordedAt) : []),
      [
        ...[ownId, elderId, place, 'ASSESSED', requestId, contentHash, assessedOn, level, score, scale.id],
        ...[sealed, expiresOn, expiresOn, recordedAt, byId],
      ],
    ];
  });
  await inParts(rows, (part) => insertRows(manager, 'elder_assessment', columns, part));
  const elderIds = [...new Set(planned.map(({ applicant }) => applicant.elderId))];
  await inParts(elderIds, (part) =>
    manager.query(
      `UPDATE elder SET abilityLevel = (SELECT a.level FROM elder_assessment a WHERE ${last}),
              abilityExpiresOn = (SELECT a.countsUntil FROM elder_assessment a WHERE ${last})
        WHERE id IN (${placeholders(part)})`,
      part,
    ),
  );
}

const last = `a.elderId = elder.id
  AND NOT EXISTS (SELECT 1 FROM elder_assessment later WHERE later.elderId = a.elderId AND later.place > a.place)`;

const columns = [
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
];

/** The level that the file was opened with, if there was one. */
function registered(applicant: Applicant, id: number, recordedAt: number): unknown[][] {
  const { elderId, registeredOn, abilityLevel, abilityExpiresOn } = applicant;
  if (abilityLevel === null) return [];
  return [
    [
      ...[id, elderId, 0, 'REGISTERED', null, null, registeredOn, abilityLevel, null, null],
      ...[null, abilityExpiresOn, abilityExpiresOn, recordedAt, null],
    ],
  ];
}

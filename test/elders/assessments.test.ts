import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { assessed, expiryOf, type Findings, type Scale } from '../../src/elders/assessment.rules.js';
import { scaleOn } from '../../src/elders/assessment-scale.js';
import { assessmentsDue } from '../../src/elders/assessments-due.js';
import { assessmentChecks } from '../../src/elders/audit-assessments.js';
import { elderAssessmentRecords } from '../../src/elders/elder-assessment-records.js';
import { levelsOn } from '../../src/elders/read-assessments.js';
import { recordAssessment } from '../../src/elders/record-assessment.js';
import { reportChangeOfState } from '../../src/elders/report-change-of-state.js';
import { runChecks } from '../../src/shared/audit-check.js';
import { expectAuditClean } from '../support/audited.js';
import { addResident, outcomeOf } from '../support/beds.js';
import { indicators } from '../support/indicators.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { buildTown, countRows, noon, type Town, today } from '../support/town.js';

let open: TestDatabase;
let town: Town;
let scale: Scale;
beforeAll(async () => {
  open = await openTestDatabase();
  town = await buildTown(open.database);
  scale = await open.database.read((manager) => scaleOn(manager, today));
});
afterAll(async () => {
  await expectAuditClean(open.database);
  await open.drop();
});

const secondLevel = indicators.flatMap(([code, group, , , max]) =>
  group === null || max === null ? [] : [{ code, max }],
);

/** Scores with this sum, taken off the first indicators. */
function scoresOf(sum: number): Findings['scores'] {
  let missing = 90 - sum;
  return secondLevel.map(({ code, max }) => {
    const off = Math.min(max, missing);
    missing -= off;
    return { code, score: max - off };
  });
}
const found = (sum: number, more: Partial<Findings> = {}): Findings => ({
  scores: scoresOf(sum),
  isInComa: false,
  hasDementia: false,
  riskEvents: 0,
  ...more,
});

interface Wish {
  findings?: Findings;
  assessedOn?: string;
  requestId?: string;
  now?: Date;
}
async function record(
  elderId: number,
  { findings = found(50), assessedOn = today, requestId = randomUUID(), now = noon }: Wish = {},
) {
  const id = await town.ids.take(2);
  const wanted = { id, requestId, elderId, assessedOn, findings, byId: town.managerId, now };
  return open.database.write((manager) => recordAssessment(manager, wanted, 'everywhere'));
}
async function change(elderId: number, changedOn = today, note: string | null = null) {
  const id = await town.ids.take(2);
  const wanted = { id, elderId, changedOn, kind: 'ILLNESS' as const, note, byId: town.managerId, now: noon };
  return open.database.write((manager) => reportChangeOfState(manager, wanted, 'everywhere'));
}
const levelOn = async (elderId: number, day: string) =>
  (await open.database.read((manager) => levelsOn(manager, [elderId], day))).get(elderId);
const fileOf = async (elderId: number) =>
  (
    await open.database.read((manager) =>
      manager.query(
        'SELECT abilityLevel, CAST(abilityExpiresOn AS CHAR) AS expiresOn FROM elder WHERE id = ?',
        [elderId],
      ),
    )
  )[0];

it('the scale has 4 indicators of the first level, 26 of the second, and 90 points', () => {
  const first = scale.indicators.filter(({ scoreMax }) => scoreMax === null);
  expect(first.map(({ name }) => name.zh)).toEqual([
    '自理能力',
    '基础运动能力',
    '精神状态',
    '感知觉与社会参与',
  ]);
  expect(scale.indicators.length - first.length).toBe(26);
  expect(scale.indicators.reduce((sum, { scoreMax }) => sum + (scoreMax ?? 0), 0)).toBe(90);
});

it.each([
  [90, 0],
  [89, 1],
  [66, 1],
  [65, 2],
  [46, 2],
  [45, 3],
  [30, 3],
  [29, 4],
  [0, 4],
])('%i points are level %i, and one worse with dementia or two events of risk', (sum, level) => {
  expect(assessed(found(sum), scale)).toEqual({ score: sum, level });
  const worse = Math.min(4, level + 1);
  expect(assessed(found(sum, { hasDementia: true }), scale).level).toBe(worse);
  expect(assessed(found(sum, { riskEvents: 1 }), scale).level).toBe(level);
  expect(assessed(found(sum, { riskEvents: 2 }), scale).level).toBe(worse);
  expect(assessed(found(sum, { riskEvents: 2, hasDementia: true }), scale).level).toBe(worse);
  expect(assessed(found(sum, { isInComa: true }), scale).level).toBe(4);
});

it('a better score is never a worse level', () => {
  fc.assert(
    fc.property(fc.nat(90), fc.nat(90), fc.boolean(), (one, other, hasDementia) => {
      const [low, high] = [Math.min(one, other), Math.max(one, other)];
      const level = (sum: number) => assessed(found(sum, { hasDementia }), scale).level;
      expect(level(high)).toBeLessThanOrEqual(level(low));
    }),
  );
});

it('an assessment counts twelve months, to the day, and to the last of a short month', () => {
  expect(expiryOf('2026-03-10', scale)).toBe('2027-03-10');
  expect(expiryOf('2024-02-29', scale)).toBe('2025-02-28');
  expect(expiryOf('2025-12-31', { validityMonths: 2 })).toBe('2026-02-28');
});

it('the file follows, the level it was opened with stays known, and each past day keeps its level', async () => {
  const elderId = await addResident(town, { level: 1, expiresOn: '2027-01-01' });
  expect(await levelOn(elderId, '2026-01-01')).toBe(1);
  expect(await record(elderId, { assessedOn: '2026-03-01' })).toMatchObject({ level: 2, score: 50 });
  expect(await fileOf(elderId)).toEqual({ abilityLevel: 2, expiresOn: '2027-03-01' });
  await record(elderId, { findings: found(20) });
  const days = ['2019-12-31', '2020-01-01', '2026-02-28', '2026-03-01', '2026-03-09', today, '2027-03-09'];
  const levels = [];
  for (const day of [...days, '2027-03-10']) levels.push(await levelOn(elderId, day));
  expect(levels).toEqual([null, 1, 1, 2, 2, 4, 4, null]);
});

it('what is wrong is refused by code and field, and writes nothing', async () => {
  const elderId = await addResident(town);
  const ended = await addResident(town);
  await open.database.write((manager) =>
    manager.query("UPDATE elder SET status = 'CLOSED', endedOn = '2026-03-09' WHERE id = ?", [ended]),
  );
  const refusal = async (wish: Wish, id = elderId) => {
    const result = await record(id, wish);
    return 'refused' in result ? `${result.refused} ${result.field?.join('.')}` : 'done';
  };
  const scores = scoresOf(50);
  const bad = (changed: Findings['scores']) => ({ findings: found(50, { scores: changed }) });
  expect(await refusal({ requestId: 'x' })).toBe('REQUEST_ID_MALFORMED requestId');
  expect(await refusal({}, 999_999)).toBe('ELDER_UNKNOWN elderId');
  expect(await refusal({}, ended)).toBe('ELDER_NOT_ACTIVE elderId');
  expect(await refusal({ assessedOn: '2026-03-11' })).toBe('DAY_OUT_OF_RANGE assessedOn');
  expect(await refusal({ assessedOn: '2025-03-09' })).toBe('DAY_OUT_OF_RANGE assessedOn');
  expect(await refusal({ findings: found(50, { riskEvents: -1 }) })).toBe('RISK_EVENTS_INVALID riskEvents');
  expect(await refusal(bad(scores.slice(1)))).toBe('SCORE_MISSING scores');
  expect(await refusal(bad([...scores, { code: 'EATING', score: 1 }]))).toBe('SCORE_INVALID scores.26');
  expect(await refusal(bad([{ code: 'EATING', score: 5 }, ...scores.slice(1)]))).toBe(
    'SCORE_INVALID scores.0',
  );
  expect(await refusal(bad([{ code: 'SELF_CARE', score: 1 }, ...scores]))).toBe('SCORE_INVALID scores.0');
  expect(await countRows(open, `elder_assessment WHERE elderId = ${elderId}`)).toBe(0);
  const requestId = randomUUID();
  const first = await record(elderId, { requestId });
  expect(await record(elderId, { requestId })).toEqual(first);
  expect(await refusal({ requestId, findings: found(51) })).toBe('REQUEST_ID_REUSED requestId');
  expect(await refusal({ assessedOn: '2026-03-09' })).toBe('DAY_OUT_OF_RANGE assessedOn');
});

it('a change of state makes a reassessment due, ends the level in time, and is answered by it', async () => {
  const elderId = await addResident(town, { level: 1, expiresOn: '2027-01-01' });
  const due = async (by = today) =>
    (
      await open.database.read((manager) =>
        assessmentsDue(manager, { within: town.cityId, by, first: 200, afterId: 0, today }, 'everywhere'),
      )
    ).find((each) => each.elderId === elderId);
  expect(await due()).toBeUndefined();
  expect(await due('2027-01-01')).toEqual({ elderId, dueOn: '2027-01-01', reason: 'EXPIRES' });
  const first = await change(elderId, '2026-03-01', '中风后右侧无力');
  expect(await change(elderId, today)).toEqual(first);
  expect(await due()).toEqual({ elderId, dueOn: '2026-03-01', reason: 'CHANGED' });
  expect(await fileOf(elderId)).toEqual({ abilityLevel: 1, expiresOn: '2026-03-31' });
  expect([await levelOn(elderId, '2026-03-30'), await levelOn(elderId, '2026-03-31')]).toEqual([1, null]);
  await record(elderId, { findings: found(35) });
  expect(await due()).toBeUndefined();
  expect([await levelOn(elderId, '2026-03-09'), await levelOn(elderId, '2026-12-31')]).toEqual([1, 3]);
  expect(outcomeOf(await change(elderId, '2026-03-09'))).toBe('DAY_OUT_OF_RANGE');
  expect(outcomeOf(await change(elderId, today, '长'.repeat(201)))).toBe('NOTE_INVALID');
  const never = await addResident(town, { level: null });
  expect(outcomeOf(await change(never))).toBe('done');
  expect(await fileOf(never)).toEqual({ abilityLevel: null, expiresOn: null });
});

it('six assessments of one elder at once are six rows, and the file has the level of the last', async () => {
  const elderId = await addResident(town);
  const sums = [90, 70, 50, 40, 20, 0];
  const results = await Promise.all(sums.map((sum) => record(elderId, { findings: found(sum) })));
  expect(results.map(outcomeOf)).toEqual(sums.map(() => 'done'));
  expect(await countRows(open, `elder_assessment WHERE elderId = ${elderId} AND kind = 'ASSESSED'`)).toBe(6);
  expect(await countRows(open, `elder_assessment WHERE elderId = ${elderId} AND kind = 'REGISTERED'`)).toBe(
    1,
  );
  expect((await fileOf(elderId)).abilityLevel).toBe(await levelOn(elderId, today));
});

it('an elder is handed all of it, and erased all of it', async () => {
  const elderId = await addResident(town);
  await record(elderId, { assessedOn: '2026-03-01', findings: found(40, { riskEvents: 1 }) });
  await change(elderId, today, '走失一次');
  const collect = () => open.database.read((manager) => elderAssessmentRecords.collect(manager, elderId));
  expect(await collect()).toMatchObject({
    assessments: [
      { kind: 'REGISTERED', level: 1 },
      { level: 3, findings: { riskEvents: 1 } },
    ],
    changes: [{ kind: 'ILLNESS', note: '走失一次' }],
  });
  const rows = await open.database.read((manager) => manager.query('SELECT * FROM elder_state_change'));
  expect(JSON.stringify(rows)).not.toContain('走失');
  await open.database.write((manager) => elderAssessmentRecords.erase(manager, elderId));
  await open.database.write((manager) =>
    manager.query('UPDATE elder SET abilityLevel = NULL, abilityExpiresOn = NULL WHERE id = ?', [elderId]),
  );
  expect(await collect()).toEqual({ assessments: [], changes: [] });
});

it('each check of the audit can fail', async () => {
  const elderId = await addResident(town);
  const kept = await record(elderId);
  const id = 'id' in kept ? kept.id : 0;
  await change(elderId);
  const broken = async () => {
    const said: string[] = [];
    await open.database.read((manager) => runChecks(manager, assessmentChecks, (line) => said.push(line)));
    return said.filter((line) => !line.startsWith('ok')).join('\n');
  };
  const file = (level: number) => `UPDATE elder SET abilityLevel = ${level} WHERE id = ${elderId}`;
  const row = (sets: string) => `UPDATE elder_assessment SET ${sets} WHERE id = ${id}`;
  const cases: [string, string, string][] = [
    ['the level on a file', file(0), file(2)],
    ['assessments of an elder lie', row("assessedOn = '2019-01-01'"), row("assessedOn = '2026-03-10'")],
    ['no assessment is better', row('score = 1'), row('score = 50')],
    ['a level counts no longer', row("expiresOn = '2026-03-20'"), row("expiresOn = '2027-03-10'")],
    [
      'an open change of state',
      `UPDATE elder_state_change SET changedOn = '2026-01-01' WHERE openElderId = ${elderId}`,
      `UPDATE elder_state_change SET changedOn = '2026-03-10' WHERE openElderId = ${elderId}`,
    ],
  ];
  expect(cases.length).toBe(assessmentChecks.length);
  for (const [name, breaks, mends] of cases) {
    await open.database.write((manager) => manager.query(breaks));
    expect(await broken()).toContain(name);
    await open.database.write((manager) => manager.query(mends));
  }
});

import { afterAll, beforeAll, expect, it } from 'vitest';
import { addFunder } from '../../src/meals/add-funder.js';
import { readCanteenTerms, termsKey } from '../../src/meals/canteen-terms.js';
import { addSubsidyRules } from '../../src/meals/rules/add-subsidy-rule.js';
import type { RuleDocument } from '../../src/meals/rules/rule-language.rules.js';
import { subsidyRules } from '../../src/meals/rules/subsidy-rules.js';
import type { Scope } from '../../src/network/scope.js';
import {
  approveVersion as approveRules,
  type VersionDecision as RuleDecision,
  rejectVersion as rejectRules,
  withdrawVersion as withdrawRules,
} from '../../src/rule-versions/decide-version.js';
import { proposeVersion, type VersionProposal } from '../../src/rule-versions/propose-version.js';
import { isRefusal } from '../../src/shared/refusal.js';
import { expectAuditClean } from '../support/audited.js';
import { cityRules, ruleFileOf } from '../support/rule-cases.js';
import { dinner } from '../support/rule-documents.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { addAccount, buildTown, countRows, noon, type Town } from '../support/town.js';

type RuleProposal = VersionProposal<RuleDocument>;

let open: TestDatabase;
let town: Town;
let [author, second] = [0, 0];
beforeAll(async () => {
  open = await openTestDatabase();
  town = await buildTown(open.database);
  [author, second] = [await addAccount(town, 'author'), await addAccount(town, 'second')];
});
afterAll(async () => {
  await expectAuditClean(open.database);
  await open.drop();
});

function propose(change: Partial<RuleProposal> = {}, scope: Scope = 'everywhere') {
  const proposal: RuleProposal = {
    code: 'DINNER-70',
    facilityId: town.countyId,
    fromDay: '2026-03-20',
    toDay: null,
    document: dinner(),
    byId: author,
    now: noon,
    ...change,
  };
  return open.database.write((manager) => proposeVersion(manager, subsidyRules, proposal, { scope }));
}

async function proposed(change: Partial<RuleProposal> = {}): Promise<number> {
  const result = await propose(change);
  if (isRefusal(result)) throw new Error(`${result.refused} ${result.field}`);
  return result.ruleSetId;
}

function decide(
  work: typeof approveRules,
  ruleSetId: number,
  change: Partial<RuleDecision> = {},
  scope: Scope = 'everywhere',
) {
  const decision = { ruleSetId, note: null, byId: second, now: noon, ...change };
  return open.database.write((manager) => work(manager, subsidyRules, decision, scope));
}

async function verdictOf(work: Promise<object>): Promise<string> {
  const result = await work;
  return isRefusal(result) ? `${result.refused} ${result.field}` : 'done';
}

/** The version of a code that counts in a canteen on a day; 0 when none does. */
async function versionOn(day: string, code: string, canteen: 0 | 1 = 0): Promise<number> {
  const key = { canteenId: town.canteenIds[canteen], day };
  const terms = await open.database.read((manager) => readCanteenTerms(manager, [key]));
  return terms.get(termsKey(key))?.subsidy.sets.find((set) => set.code === code)?.version ?? 0;
}

it('a funder has an account in the ledger, and the place that its level pays for', async () => {
  const before = await countRows(open, 'ledger_account');
  const add = (change: object) =>
    open.database.write((manager) =>
      addFunder(manager, { code: 'DONOR-1', name: ' 福彩公益金 ', ...change }),
    );
  expect(await add({})).toEqual({ id: expect.any(Number), code: 'DONOR-1', name: '福彩公益金' });
  expect(await verdictOf(add({ code: 'TOWN-1', level: 'TOWN', divisionCode: '411302001' }))).toBe('done');
  expect(await countRows(open, 'ledger_account')).toBe(before + 2);
  expect(await verdictOf(add({}))).toBe('CODE_TAKEN code');
  const again = { code: 'TOWN-2', level: 'TOWN', divisionCode: '411302001' };
  expect(await verdictOf(add(again))).toBe('DIVISION_TAKEN divisionCode');
  for (const code of ['', 'donor-1', 'DONOR 1', 'A'.repeat(33)]) {
    expect(await verdictOf(add({ code }))).toBe('CODE_INVALID code');
  }
  for (const name of ['', ' ', 'a\nb', 'x'.repeat(101)])
    expect(await verdictOf(add({ code: 'B', name }))).toBe('NAME_INVALID name');
  for (const place of [
    { level: 'TOWN', divisionCode: '411302' },
    { level: 'TOWN' },
    { level: 'DONOR', divisionCode: '4113' },
    { divisionCode: '4113' },
  ])
    expect(await verdictOf(add({ code: 'B', ...place }))).toBe('DIVISION_INVALID divisionCode');
  expect(await countRows(open, 'ledger_account')).toBe(before + 2);
});

it('counts once a second person has approved it, from its first day on, and is replaced by the next', async () => {
  const first = await proposed();
  expect(await versionOn('2026-03-20', 'DINNER-70')).toBe(0);
  expect(await verdictOf(decide(approveRules, first, { byId: author }))).toBe('SAME_PERSON id');
  expect(await verdictOf(decide(approveRules, first))).toBe('done');
  expect(await versionOn('2026-03-19', 'DINNER-70')).toBe(0);
  expect(await versionOn('2026-03-20', 'DINNER-70')).toBe(1);

  const next = await proposed({ fromDay: '2026-04-01', toDay: '2026-05-01', document: dinner(400) });
  expect(await versionOn('2026-04-01', 'DINNER-70')).toBe(1);
  expect(await verdictOf(decide(approveRules, next))).toBe('done');
  expect(await versionOn('2026-03-31', 'DINNER-70')).toBe(1);
  expect(await versionOn('2026-04-01', 'DINNER-70')).toBe(2);
  expect(await versionOn('2026-05-01', 'DINNER-70')).toBe(0);
  const overlap = 'VERSIONS_OVERLAP fromDay';
  expect(await verdictOf(propose({ fromDay: '2026-03-25' }))).toBe(overlap);
  expect(await verdictOf(propose({ fromDay: '2026-03-25', toDay: '2026-04-02' }))).toBe(overlap);
  expect(await verdictOf(propose({ fromDay: '2026-03-25', toDay: '2026-04-01' }))).toBe('done');
});

it('a version that is decided on is never changed', async () => {
  const id = await proposed({ code: 'ONCE' });
  expect(await verdictOf(decide(rejectRules, id, { note: ' ' }))).toBe('NOTE_INVALID note');
  expect(await verdictOf(decide(rejectRules, id, { note: 'x'.repeat(201) }))).toBe('NOTE_INVALID note');
  expect(await verdictOf(decide(withdrawRules, id))).toBe('NOT_THE_AUTHOR id');
  expect(await decide(rejectRules, id, { note: ' too dear ' })).toMatchObject({
    status: 'REJECTED',
    decisionNote: 'too dear',
    decidedById: second,
  });
  for (const work of [approveRules, withdrawRules]) {
    expect(await verdictOf(decide(work, id, { byId: work === withdrawRules ? author : second }))).toBe(
      'NOT_PROPOSED id',
    );
  }
  const other = await proposed({ code: 'ONCE' });
  expect(await decide(withdrawRules, other, { byId: author })).toMatchObject({ status: 'WITHDRAWN' });
  expect(await verdictOf(decide(approveRules, other))).toBe('NOT_PROPOSED id');
  expect(await versionOn('2026-03-20', 'ONCE')).toBe(0);
});

it('an approval is not backdated: on the first day itself it comes too late', async () => {
  const yesterday = await proposed({ code: 'LATE', fromDay: '2026-03-09' });
  expect(await verdictOf(decide(approveRules, yesterday))).toBe('BACKDATED fromDay');
  const tomorrow = await proposed({ code: 'LATE', fromDay: '2026-03-11' });
  const midnight = new Date('2026-03-11T00:00:00+08:00');
  expect(await verdictOf(decide(approveRules, tomorrow, { now: midnight }))).toBe('BACKDATED fromDay');
  const lastSecond = new Date(midnight.getTime() - 1000);
  expect(await verdictOf(decide(approveRules, tomorrow, { now: lastSecond }))).toBe('done');
});

it('what lies out of scope does not exist', async () => {
  const beside = [town.stationId];
  const id = await proposed({ code: 'SCOPED', facilityId: town.countyId });
  expect(await verdictOf(propose({ code: 'OTHER' }, beside))).toBe('FACILITY_UNKNOWN facilityId');
  expect(await verdictOf(propose({ code: 'OTHER', facilityId: 999_999 }))).toBe(
    'FACILITY_UNKNOWN facilityId',
  );
  for (const work of [approveRules, withdrawRules]) {
    expect(await verdictOf(decide(work, id, {}, beside))).toBe('RULES_UNKNOWN id');
    expect(await verdictOf(decide(work, 999_999))).toBe('RULES_UNKNOWN id');
  }
  expect(await verdictOf(decide(approveRules, id, {}, [town.cityId]))).toBe('done');
});

it('refuses, by name and writing nothing', async () => {
  const before = await countRows(open, 'subsidy_rule');
  const refusals: [Partial<RuleProposal>, string][] = [
    [{ code: 'dinner' }, 'CODE_INVALID code'],
    [{ fromDay: '2026-02-30' }, 'DATE_OUT_OF_RANGE fromDay'],
    [{ toDay: '2026-03-20' }, 'DATE_OUT_OF_RANGE toDay'],
    [{ toDay: 'tomorrow' }, 'DATE_OUT_OF_RANGE toDay'],
    [{ code: 'DINNER-70', facilityId: town.cityId }, 'FACILITY_DIFFERS facilityId'],
    [{ document: dinner(300, 'bureau') }, 'FUNDER_UNKNOWN document,groups,0,rules,0,borneBy,0'],
  ];
  for (const [change, refusal] of refusals) {
    expect(await verdictOf(propose({ code: 'OTHER', ...change }))).toBe(refusal);
  }
  expect(await countRows(open, 'subsidy_rule')).toBe(before);
});

it('of ten approvals at once one counts, and ten proposals have ten numbers', async () => {
  const ids = await Promise.all(Array.from({ length: 10 }, () => proposed({ code: 'RACE' })));
  const [first = 0] = ids;
  const verdicts = await Promise.all(ids.map(() => verdictOf(decide(approveRules, first))));
  expect(verdicts.filter((verdict) => verdict === 'done')).toHaveLength(1);
  expect(verdicts.filter((verdict) => verdict === 'NOT_PROPOSED id')).toHaveLength(9);
  const rows: { versions: number }[] = await open.database.read((manager) =>
    manager.query("SELECT COUNT(DISTINCT version) AS versions FROM subsidy_rule WHERE code = 'RACE'"),
  );
  expect(Number(rows[0]?.versions)).toBe(10);
});

it('the command line brings in a whole city, with the funders that are missing', async () => {
  const add = (change: object = {}) =>
    open.database.write((manager) =>
      addSubsidyRules(
        manager,
        { file: cityRules('nanning'), facilityCode: 'CITY', approved: true, ...change },
        noon,
      ),
    );
  expect(await verdictOf(add({ facilityCode: 'city' }))).toBe('FACILITY_UNKNOWN facility');
  expect(await verdictOf(add({ code: 'LIUZHOU' }))).toBe('RULES_UNKNOWN code');
  expect(await add()).toMatchObject({ funders: ['NN-CITY'], versions: [{ version: 1 }, { version: 2 }] });
  expect(await versionOn('2022-07-31', 'NANNING')).toBe(1);
  expect(await versionOn('2022-08-01', 'NANNING')).toBe(2);
  expect(await verdictOf(add())).toBe('VERSIONS_OVERLAP fromDay');
  const changedFrom = (fromDay: string) => {
    const { funders, ruleSets } = cityRules('nanning');
    const versions = ruleSets[0]?.versions.slice(-1).map((version) => ({ ...version, fromDay })) ?? [];
    return { file: { funders, ruleSets: [{ code: 'NANNING', versions }] } };
  };
  expect(await verdictOf(add(changedFrom('2026-03-10')))).toBe('BACKDATED fromDay');
  const waiting = { ...cityRules('changsha'), funders: [] };
  expect(await verdictOf(add({ file: waiting }))).toBe('FUNDER_UNKNOWN document,groups,0,rules,0,borneBy,0');
  expect(await add({ file: cityRules('changsha'), code: 'KAIFU', approved: false })).toMatchObject({
    versions: [{ code: 'KAIFU', version: 1 }],
  });
  expect(await versionOn('2026-03-10', 'KAIFU')).toBe(0);
  expect(() => ruleFileOf('{}')).toThrow(/DOCUMENT_INVALID file,funders/);
});

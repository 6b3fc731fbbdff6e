import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ElderCategoryMembership } from '../../entities/index.js';
import type { RuleDocument } from '../../src/meals/rules/rule-language.rules.js';
import { statementsOf } from '../support/count-statements.js';
import { amount, dinner, oneRule } from '../support/rule-documents.js';
import { intakeOf, tap } from '../support/taps.js';
import { startTestServer, type TestServer } from '../support/test-server.js';
import { addDiner, noon } from '../support/town.js';
import { buildTwoCounties, type TwoCounties } from '../support/two-counties.js';

let server: TestServer;
let town: TwoCounties;
const tokens = { finance: '', admin: '', city: '', manager: '', stranger: '', staff: '' };
beforeAll(async () => {
  server = await startTestServer({ at: noon });
  town = await buildTwoCounties(server.database);
  const tokenOf = async (role: 'FINANCE' | 'ADMIN' | 'MANAGER' | 'STAFF', placeId: number) =>
    (await server.account(role, placeId, role)).token;
  tokens.finance = await tokenOf('FINANCE', town.countyId);
  tokens.admin = await tokenOf('ADMIN', town.countyId);
  tokens.city = await tokenOf('ADMIN', town.cityId);
  tokens.manager = await tokenOf('MANAGER', town.streetId);
  tokens.stranger = await tokenOf('ADMIN', town.otherCountyId);
  tokens.staff = await tokenOf('STAFF', town.streetId);
});
afterAll(() => server.close());

async function ask<Data>(query: string, who: keyof typeof tokens, language = 'en'): Promise<Data> {
  const { body } = await server.post<Data>(query, {}, tokens[who], { 'accept-language': language });
  if (body.errors) throw new Error(JSON.stringify(body.errors));
  return body.data;
}

interface Decided {
  __typename: string;
  id?: string;
  status?: string;
  version?: number;
  code?: string;
  message?: string;
  field?: string[];
}
const fields = `{ __typename
  ... on SubsidyRuleSet { id version status fromDay facility { id } proposedById decidedById decisionNote }
  ... on SubsidyRuleRefusal { refusal: code message field } }`;

async function propose(document: RuleDocument | object, change = {}, who: keyof typeof tokens = 'finance') {
  const input = { code: 'COUNTY', facilityId: town.countyId, fromDay: '2026-03-10', ...change };
  const written = Object.entries({ ...input, document: JSON.stringify(document) })
    .map(([name, value]) => `${name}: ${JSON.stringify(value)}`)
    .join(', ');
  const mutation = `mutation { result: proposeRuleSet(input: { ${written} }) ${fields} }`;
  return (await ask<{ result: Decided & { refusal?: string } }>(mutation, who)).result;
}

async function decide(name: string, id: string | undefined, who: keyof typeof tokens, more = '') {
  const mutation = `mutation { result: ${name}(id: "${id}"${more}) ${fields} }`;
  return (await ask<{ result: Decided & { refusal?: string } }>(mutation, who)).result;
}

describe('rules are proposed, approved by somebody else, and listed', () => {
  // Approved on the day before they count.
  beforeAll(() => server.clock.set(new Date('2026-03-09T12:00:00+08:00'), 0));
  afterAll(() => server.clock.set(noon, 0));

  it("a county's finance proposes, its administrator approves", async () => {
    const proposed = await propose(dinner());
    expect(proposed).toMatchObject({ version: 1, status: 'PROPOSED', decidedById: null });
    expect(await decide('approveRuleSet', proposed.id, 'stranger')).toMatchObject({
      refusal: 'RULES_UNKNOWN',
    });
    expect(await decide('withdrawRuleSet', proposed.id, 'admin')).toMatchObject({
      refusal: 'NOT_THE_AUTHOR',
    });
    const approved = await decide('approveRuleSet', proposed.id, 'admin', ', note: "agreed"');
    expect(approved).toMatchObject({ status: 'APPROVED', decisionNote: 'agreed' });
    const { body } = await server.post(
      `mutation { approveRuleSet(id: "${proposed.id}") ${fields} }`,
      {},
      tokens.finance,
    );
    expect(body.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  });

  it('an administrator may propose, and then another one has to approve', async () => {
    const proposed = await propose(dinner(), { code: 'OWN' }, 'admin');
    expect(await decide('approveRuleSet', proposed.id, 'admin')).toMatchObject({ refusal: 'SAME_PERSON' });
    expect(await decide('approveRuleSet', proposed.id, 'city')).toMatchObject({ status: 'APPROVED' });
  });

  it('a refusal names the field within the document, in both languages', async () => {
    const bad = oneRule({ gives: { kind: 'AMOUNT', fen: 300 } });
    expect(await propose(bad, { code: 'BAD' })).toMatchObject({
      refusal: 'PAYS_MORE_THAN_BILL',
      field: ['input', 'document', 'groups', '0', 'rules', '0', 'gives', 'fen'],
      message: expect.stringMatching(/^input\.document\.groups\.0\.rules\.0\.gives\.fen: it could pay more/),
    });
    expect(await propose(dinner(), { code: 'BAD', facilityId: town.otherCountyId })).toMatchObject({
      refusal: 'FACILITY_UNKNOWN',
      field: ['input', 'facilityId'],
    });
  });

  it('a manager sees the rules that count where it works, and nobody else’s places', async () => {
    const query = (place: number) =>
      `{ subsidyRuleSets(facilityId: "${place}", first: 2) { totalCount pageInfo { hasNextPage endCursor } nodes { code version status facility { code } } } }`;
    type Listed = {
      subsidyRuleSets: { totalCount: number; nodes: { code: string; facility: { code: string } }[] } | null;
    };
    const { subsidyRuleSets } = await ask<Listed>(query(town.streetId), 'manager');
    // Those of the city above, and the two of the county.
    expect(subsidyRuleSets?.totalCount).toBe(4);
    expect(subsidyRuleSets?.nodes).toMatchObject([{ code: 'LUNCH-60' }, { code: 'LUNCH-60' }]);
    expect((await ask<Listed>(query(town.countyId), 'manager')).subsidyRuleSets).toBe(null);
    expect((await ask<Listed>(query(town.otherCountyId), 'stranger')).subsidyRuleSets?.totalCount).toBe(2);
  });
});

describe('explainSubsidy', () => {
  interface Explained {
    explainSubsidy: {
      subsidyFen: number;
      summary: string;
      rules: { ruleSet: string; finding: string; reason: string }[];
    } | null;
  }
  const asked = (elderId: number, more = 'date: "2026-03-10", meal: LUNCH') =>
    `{ explainSubsidy(elderId: "${elderId}", canteenId: "${town.canteenIds[0]}", grossFen: 1200, ${more}) { subsidyFen discountFen selfPaidFen summary funding { funder fen } rules { ruleSet code name finding reason fen } } }`;

  it('says what a swipe says, before and after it', async () => {
    const diner = await addDiner(town);
    const before = await ask<Explained>(asked(diner.elderId), 'staff');
    expect(before.explainSubsidy).toMatchObject({ subsidyFen: 300 });
    const { receipt } = await intakeOf(town).record(tap(town, { cardUid: diner.uid }));
    expect(receipt).toMatchObject({ subsidyFen: 300, rule: 'LUNCH-60 v2' });
    expect(await ask(asked(diner.elderId), 'staff')).toEqual(before);
    expect(before.explainSubsidy?.rules).toMatchObject([
      { ruleSet: 'LUNCH-60 v2', finding: 'APPLIED', reason: 'applies: 3.00 yuan' },
      { ruleSet: 'COUNTY v1', finding: 'UNMET', reason: 'of the meals, it is for dinner' },
      { ruleSet: 'OWN v1', finding: 'UNMET' },
    ]);
    const zh = await ask<Explained>(asked(diner.elderId, 'at: "2026-03-09T12:00:00+08:00"'), 'staff', 'zh');
    expect(zh.explainSubsidy?.summary).toBe(
      '餐费 12.00 元：补贴 2.00 元，优惠 0.00 元，自付 10.00 元。适用：60 岁及以上午餐。',
    );
  });

  it('gives nothing after death, and tells nobody outside', async () => {
    const diner = await addDiner(town);
    await server.database.write((manager) =>
      manager.query("UPDATE elder SET status = 'DECEASED', endedOn = '2026-03-10' WHERE id = ?", [
        diner.elderId,
      ]),
    );
    const { explainSubsidy } = await ask<Explained>(asked(diner.elderId), 'manager');
    expect(explainSubsidy).toMatchObject({ subsidyFen: 0, rules: [] });
    expect(explainSubsidy?.summary).toContain('The file ended on 2026-03-10');
    const dayBefore = await ask<Explained>(
      asked(diner.elderId, 'date: "2026-03-09", meal: LUNCH'),
      'manager',
    );
    expect(dayBefore.explainSubsidy?.subsidyFen).toBe(200);
    expect((await ask<Explained>(asked(diner.elderId), 'stranger')).explainSubsidy).toBe(null);
    for (const more of ['', 'date: "2026-03-10"', 'at: "2026-03-10T12:00:00+08:00", meal: LUNCH']) {
      const { body } = await server.post(asked(diner.elderId, more), {}, tokens.manager);
      expect(body.errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    }
  });
});

describe('previewRuleChange', () => {
  const previewed = (id: string | undefined) =>
    `{ previewRuleChange(id: "${id}", fromDay: "2026-03-02", toDay: "2026-03-11") { meals changed actual { subsidyFen discountFen selfPaidFen } proposed { subsidyFen discountFen selfPaidFen } funding { funder actualFen proposedFen } operators { actualFen proposedFen } } }`;

  it('splits what was eaten again, and counts caps in the order of the taps', async () => {
    const first = await ask<{ previewRuleChange: { meals: number } }>(
      previewed((await propose(dinner(), { code: 'EMPTY' })).id),
      'finance',
    );
    const before = first.previewRuleChange.meals;
    const poor = await addDiner(town, { balanceFen: 100_000 });
    await server.database.write((manager) =>
      manager.insert(ElderCategoryMembership, { elderId: poor.elderId, category: 'MINIMUM_LIVING' }),
    );
    const other = await addDiner(town, { balanceFen: 100_000 });
    const intake = intakeOf(town);
    for (const { uid } of [poor, other]) {
      for (const day of ['04', '05', '06']) {
        const swipedAt = new Date(`2026-03-${day}T12:00:00+08:00`);
        await intake.record(tap(town, { cardUid: uid, swipedAt, offline: true }));
      }
    }
    const twice = {
      ...oneRule(
        {
          who: { categories: ['MINIMUM_LIVING'] },
          gives: amount(500),
          borneBy: [{ canteen: true, rest: true }],
        },
        { alongside: 'ADD', caps: [{ per: 'WEEK', times: 2 }] },
      ),
      operators: [
        {
          code: 'KITCHEN',
          name: { zh: '每餐 1 元', en: '1 yuan a meal' },
          per: 'MEAL' as const,
          fen: 100,
          counts: 'SUBSIDISED' as const,
          borneBy: [{ funder: 'BUREAU', rest: true as const }],
        },
      ],
    };
    const id = (await propose(twice, { code: 'TWICE', fromDay: '2027-01-01' })).id;
    const { previewRuleChange: impact } = await ask<{
      previewRuleChange: { meals: number; changed: number; actual: object; proposed: object };
    }>(previewed(id), 'finance');
    const operators = { actualFen: 0, proposedFen: 200 };
    expect(impact).toMatchObject({ meals: before + 6, changed: 2, operators });
    const { actual, proposed } = impact as unknown as Record<string, Record<string, number>>;
    expect(proposed?.discountFen).toBe((actual?.discountFen ?? 0) + 1000);
    expect(proposed?.selfPaidFen).toBe((actual?.selfPaidFen ?? 0) - 1000);
    expect(proposed?.subsidyFen).toBe(actual?.subsidyFen);
    const { body } = await server.post<{ previewRuleChange: null }>(previewed(id), {}, tokens.stranger);
    expect(body.data.previewRuleChange).toBe(null);
  });

  it('needs as many statements for a hundred meals as for one', async () => {
    const id = (await propose(dinner(), { code: 'COUNT' })).id;
    const count = async () =>
      (await statementsOf(server.database, () => ask(previewed(id), 'finance'))).statements.length;
    const before = await count();
    const diners = await Promise.all(Array.from({ length: 50 }, () => addDiner(town)));
    await intakeOf(town).recordAll(diners.map(({ uid }) => tap(town, { cardUid: uid })));
    expect(await count()).toBe(before);
  });
});

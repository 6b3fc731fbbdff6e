import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RuleDocument } from '../../src/meals/rules/rule-language.rules.js';
import { subsidyRules } from '../../src/meals/rules/subsidy-rules.js';
import { proposeVersion } from '../../src/rule-versions/propose-version.js';
import { isRefusal } from '../../src/shared/refusal.js';
import { amount, manyCaps, oneRule } from '../support/rule-documents.js';
import { intakeOf, tap } from '../support/taps.js';
import { startTestServer, type TestServer } from '../support/test-server.js';
import { addDiner, type Diner, noon } from '../support/town.js';
import { buildTwoCounties, type TwoCounties } from '../support/two-counties.js';

let server: TestServer;
let town: TwoCounties;
let diner: Diner;
let manager = '';
beforeAll(async () => {
  server = await startTestServer({ at: noon });
  town = await buildTwoCounties(server.database);
  manager = (await server.account('MANAGER', town.streetId)).token;
  diner = await addDiner(town);
  // 5 yuan between eleven and one, on top of the 3 of every lunch.
  const timed = { gives: amount(500), when: { fromTime: '11:00', toTime: '13:00' } };
  await inForce('TIMED', oneRule(timed, { alongside: 'ADD' }));
  const elsewhere = { residence: ['411303'], ageFrom: 60 };
  await inForce('OTHERS', oneRule({ gives: amount(500), who: elsewhere }, { alongside: 'ADD' }));
});
afterAll(() => server.close());

async function inForce(code: string, document: RuleDocument): Promise<void> {
  const days = { fromDay: '2026-03-01', toDay: null };
  const proposal = { ...days, code, facilityId: town.cityId, document, byId: null, now: noon };
  const proposed = await server.database.write((writer) =>
    proposeVersion(writer, subsidyRules, proposal, { scope: 'everywhere', approved: true }),
  );
  if (isRefusal(proposed)) throw new Error(proposed.refused);
}

interface Explained {
  subsidyFen: number;
  selfPaidFen: number;
  judgedAt: string;
  summary: string;
  rules: { ruleSet: string; finding: string; reason: string }[];
}

async function explain(
  elderId: number,
  { when = 'date: "2026-03-10", meal: LUNCH', grossFen = 1200, canteen = 0, language = 'en' } = {},
): Promise<Explained> {
  const query = `{ explainSubsidy(elderId: "${elderId}", canteenId: "${town.canteenIds[canteen]}", grossFen: ${grossFen}, ${when}) { subsidyFen selfPaidFen judgedAt summary rules { ruleSet finding reason } } }`;
  const { body } = await server.post<{ explainSubsidy: Explained }>(query, {}, manager, {
    'accept-language': language,
  });
  if (body.errors) throw new Error(JSON.stringify(body.errors));
  return body.data.explainSubsidy;
}

it('a lunch of a day is explained as the swipe of its noon is decided, and says so', async () => {
  const eater = await addDiner(town);
  const before = await explain(eater.elderId);
  expect(before).toMatchObject({ subsidyFen: 800, judgedAt: '2026-03-10T04:00:00.000Z' });
  expect(before.summary).toMatch(/none was given, so this is for a tap at 12:00\.$/);
  const { receipt } = await intakeOf(town).record(tap(town, { cardUid: eater.uid }));
  expect(receipt?.subsidyFen).toBe(800);
  const tapped = await explain(eater.elderId, { when: 'at: "2026-03-10T10:45:00+08:00"' });
  expect(tapped).toMatchObject({ subsidyFen: 300, judgedAt: '2026-03-10T02:45:00.000Z' });
  expect(tapped.rules.find(({ ruleSet }) => ruleSet === 'TIMED v1')).toMatchObject({ finding: 'UNMET' });
});

it('a bill above the dearest meal of the canteen is explained as it is refused', async () => {
  const request = tap(town, { cardUid: diner.uid, grossFen: 3001 });
  expect((await intakeOf(town).record(request)).outcome).toBe('PRICE_OUT_OF_RANGE');
  const explained = await explain(diner.elderId, { grossFen: 3001, language: 'zh' });
  expect(explained).toMatchObject({ subsidyFen: 0, selfPaidFen: 3001, rules: [] });
  expect(explained.summary).toContain('餐费高于该食堂的最高餐价 30.00 元');
});

it('a canteen that is closed gives nothing, and nor does one between its meals', async () => {
  await server.database.write((writer) =>
    writer.query("UPDATE facility SET closedOn = '2026-03-10' WHERE id = ?", [town.canteenIds[1]]),
  );
  const request = tap(town, { cardUid: diner.uid }, { canteen: 1 });
  expect((await intakeOf(town).record(request)).outcome).toBe('MEAL_NOT_SERVED');
  const closed = await explain(diner.elderId, { canteen: 1 });
  expect(closed).toMatchObject({ subsidyFen: 0, rules: [] });
  expect(closed.summary).toContain('The canteen is not open that day');
  const dayBefore = await explain(diner.elderId, { canteen: 1, when: 'date: "2026-03-09", meal: LUNCH' });
  expect(dayBefore.subsidyFen).toBe(700);
  const between = await explain(diner.elderId, { when: 'at: "2026-03-10T14:00:00+08:00"' });
  expect(between).toMatchObject({ subsidyFen: 0, rules: [] });
  expect(between.summary).toContain('No meal is served there at 14:00');
});

it('places are named as the network names them', async () => {
  const { rules } = await explain(diner.elderId);
  expect(rules.find(({ ruleSet }) => ruleSet === 'OTHERS v1')?.reason).toBe(
    'lives in the area of “STREET”, and it is for the area of “OTHER-COUNTY”',
  );
});

it('rules that are kept longer than they are written are refused by their size, and nothing is written', async () => {
  const finance = (await server.account('FINANCE', town.countyId)).token;
  const propose = async (code: string, document: string) => {
    const input = `code: "${code}", facilityId: "${town.countyId}", fromDay: "2026-04-01", document: ${JSON.stringify(document)}`;
    const mutation = `mutation { result: proposeRuleSet(input: { ${input} }) { __typename ... on SubsidyRuleRefusal { code field } } }`;
    const { body } = await server.post<{ result: object }>(mutation, {}, finance);
    return body.data.result;
  };
  expect(await propose('LONG', manyCaps('1e8'))).toEqual({
    __typename: 'SubsidyRuleRefusal',
    code: 'DOCUMENT_INVALID',
    field: ['input', 'document'],
  });
  expect(await propose('SHORT', manyCaps('100'))).toEqual({ __typename: 'SubsidyRuleSet' });
});

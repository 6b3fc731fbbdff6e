import { randomUUID } from 'node:crypto';
import { parseCsv } from 'hucre/csv';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { addFunder } from '../../src/meals/add-funder.js';
import { subsidyRules } from '../../src/meals/rules/subsidy-rules.js';
import { statementChecks } from '../../src/meals/statement-audit.js';
import { proposeVersion } from '../../src/rule-versions/propose-version.js';
import { runChecks } from '../../src/shared/audit-check.js';
import { isRefusal } from '../../src/shared/refusal.js';
import { expectAuditClean } from '../support/audited.js';
import { dinner } from '../support/rule-documents.js';
import { at, type Office, openOffice, saidOf, stepFields } from '../support/settlement.js';
import { addDiner } from '../support/town.js';

let office: Office;

/** Two meals that nobody could pay: a donor bears one, a bureau the other; and one that was paid as usual. */
beforeAll(async () => {
  office = await openOffice();
  const donor = { code: 'CHARITY', name: '慈善会', level: 'DONOR' as const, divisionCode: null };
  const added = await office.server.database.write((manager) => addFunder(manager, donor));
  if (isRefusal(added)) throw new Error(added.message.en);
  // A donor bears what the rules of the place let it bear, were it another meal than this.
  const { cityId: facilityId } = office.town;
  const gift = {
    code: 'GIFT',
    facilityId,
    fromDay: '2026-01-01',
    toDay: null,
    document: dinner(250, donor.code),
  };
  const now = at('2026-03-11T08:00:00');
  const proposed = await office.server.database.write((manager) =>
    proposeVersion(
      manager,
      subsidyRules,
      { ...gift, byId: null, now },
      { scope: 'everywhere', approved: true },
    ),
  );
  if (isRefusal(proposed)) throw new Error(proposed.message.en);
  await office.eat(await office.diner(), '2026-03-11');
  for (const funderCode of ['CHARITY', 'BUREAU']) {
    const swipeId = await reviewed();
    const call = `decideReview(requestId: "${randomUUID()}", swipeId: "${swipeId}", bornBy: FUNDER, funderCode: "${funderCode}", note: "核实")`;
    const told = async (by: 'canteen' | 'street') => {
      const { body } = await office.ask<{ decideReview: { code?: string; swipeId?: string } }>(
        by,
        `mutation { ${call} { ... on ReviewRefusal { code } ... on SwipeReview { swipeId } } }`,
      );
      return body.data.decideReview;
    };
    // No canteen has its own meals borne by others.
    expect(await told('canteen')).toEqual({ code: 'SUPERVISOR_NEEDED' });
    expect(await told('street')).toEqual({ swipeId });
  }
});
afterAll(() => office.server.close());

let sequence = 1000;

/** A lunch of 11 March that the elder could not pay. */
async function reviewed(): Promise<string> {
  const { uid } = await addDiner(office.town, { balanceFen: 0 });
  office.server.clock.set(at('2026-03-11T12:30:00'), 0);
  sequence += 1;
  const swipeId = randomUUID();
  const input = `swipeId: "${swipeId}", sequence: ${sequence}, cardUid: "${uid}", swipedAt: "2026-03-11T12:00:00+08:00", grossFen: 1200, offline: true`;
  const { body } = await office.ask<{ recordSwipe: { outcome: string } }>(
    'reader',
    `mutation { recordSwipe(input: { ${input} }) { outcome } }`,
  );
  expect(body.data.recordSwipe.outcome).toBe('RECORDED_FOR_REVIEW');
  return swipeId;
}

/** 3 yuan of the bureau's and its whole meal; the donor's meal is no subsidy. */
const sides = { grossFen: 3600, subsidyFen: 1500, discountFen: 1200, selfPaidFen: 900 };

it('a donor’s meal is a discount in the day, the statement and the books alike', async () => {
  const { body } = await office.ask<Record<'canteenDay', object>>(
    'canteen',
    `{ canteenDay(canteenId: ${office.canteenId}, date: "2026-03-11") { meals grossFen subsidyFen discountFen selfPaidFen } }`,
  );
  expect(body.data.canteenDay).toEqual({ meals: 3, ...sides });
  const books = await office.ask<{ trialBalance: { lines: object[] } }>(
    'finance',
    `{ trialBalance(from: "2026-03-11", to: "2026-03-12", by: CANTEEN) { lines { receivableFen funderFen donorFen discountFen elderFen } } }`,
  );
  expect(books.body.data.trialBalance.lines).toContainEqual({
    receivableFen: 3600,
    funderFen: -1500,
    donorFen: -1200,
    discountFen: 0,
    elderFen: -900,
  });
});

it.each(['DRAFT', 'SUBMITTED'])('and is owed by the donor apart from the subsidies, %s', async (state) => {
  if (state === 'SUBMITTED') {
    office.server.clock.set(at('2026-04-01T09:00:00'), 0);
    expect(await office.step('canteen', 'submitStatement', '2026-03')).toBe('SUBMITTED');
  }
  const { body } = await office.ask<{ canteenStatement: { sums: object; shares: object[] } }>(
    'finance',
    `{ canteenStatement(canteenId: ${office.canteenId}, month: "2026-03") {
        sums { grossFen subsidyFen discountFen selfPaidFen } shares { part code units fen } } }`,
  );
  expect(body.data.canteenStatement).toEqual({
    sums: sides,
    // The meals themselves are lines of their own; a decision moves money alone.
    shares: [
      { part: 'SUBSIDY', code: 'BUREAU', units: 1, fen: 1500 },
      { part: 'DONATION', code: 'CHARITY', units: 0, fen: 1200 },
    ],
  });
  const { bytes } = await office.download('finance', `${office.canteenId}/2026-03.csv`);
  const rows = (parseCsv(bytes.toString('utf8')) as unknown[][]).map((row) => row.map(String));
  const total = (title: string) => rows.find(([head]) => head === title)?.[9];
  expect([total('应拨付合计'), total('应收捐赠合计')]).toEqual(['15.00', '12.00']);
});

it('its line can be disputed, and what is upheld gives the donor its money back', async () => {
  const [line] = (await office.lines('2026-03')).filter(({ funders }) =>
    funders.some(({ code }) => code === 'CHARITY'),
  );
  const call = async (token: 'street' | 'canteen', text: string) => {
    const { body } = await office.ask<Record<string, never>>(
      token,
      `mutation { said: ${text} ${stepFields} }`,
    );
    return saidOf(body.data?.said, body.errors?.[0]?.extensions.code);
  };
  const of = `canteenId: ${office.canteenId}, month: "2026-03"`;
  expect(await call('street', `disputeLine(${of}, lineId: "${line?.id}", reason: "未见此人")`)).toBe(
    'SUBMITTED',
  );
  const id = (await office.lines('2026-03', ', disputed: OPEN'))[0]?.dispute?.id;
  expect(await call('canteen', `answerDispute(disputeId: "${id}", answer: "有照片")`)).toBe('SUBMITTED');
  expect(await call('street', `decideDispute(disputeId: "${id}", decision: UPHELD, reason: "已核对")`)).toBe(
    'SUBMITTED',
  );
  const april = await office.lines('2026-04');
  expect(april).toMatchObject([
    { kind: 'DISPUTE', subsidyFen: 0, discountFen: 0, funders: [{ code: 'CHARITY', fen: -1200 }] },
  ]);
  await expectAuditClean(office.server.database);
});

it('the audit sees a donation that is called a subsidy', async () => {
  await office.server.database.write((manager) =>
    manager.query("UPDATE statement_share SET part = 'SUBSIDY' WHERE part = 'DONATION'"),
  );
  const broken: string[] = [];
  await office.server.database.read((manager) =>
    runChecks(manager, statementChecks, (line) => {
      if (line.startsWith('BROKEN')) broken.push(line);
    }),
  );
  expect(broken).toEqual([
    "BROKEN a canteen's funders together owe its subsidies and what its operator gets",
    'BROKEN what donors bear is a donation, and what others bear is none',
  ]);
});

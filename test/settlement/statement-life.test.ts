import { afterAll, beforeAll, expect, it } from 'vitest';
import { isMonthOpen } from '../../src/meals/month-state.js';
import { expectAuditClean } from '../support/audited.js';
import { at, type Office, openOffice, saidOf, stepFields } from '../support/settlement.js';
import type { Diner } from '../support/town.js';

let office: Office;
let diners: Diner[];
const swipes: string[] = [];

beforeAll(async () => {
  office = await openOffice();
  diners = [];
  for (let count = 0; count < 4; count += 1) diners.push(await office.diner());
});
afterAll(async () => {
  await expectAuditClean(office.server.database);
  await office.server.close();
});

const diner = (index: number) => diners[index] as Diner;
const now = (text: string) => office.server.clock.set(at(text), 0);

async function sums(month: string) {
  const { body } = await office.ask<{ canteenStatement: { state: string; sums: Record<string, number> } }>(
    'finance',
    `{ canteenStatement(canteenId: ${office.canteenId}, month: "${month}") { state
        sums { lines meals elders grossFen subsidyFen discountFen selfPaidFen operatorFen } shares { part code units fen } } }`,
  );
  return body.data.canteenStatement;
}

async function voidSwipe(swipeId: string): Promise<string> {
  const { body } = await office.ask<{ voidSwipe: { __typename: string; code?: string } }>(
    'canteen',
    `mutation { voidSwipe(swipeId: "${swipeId}", reason: "错刷") { __typename ... on VoidRefusal { code } } }`,
  );
  return body.data.voidSwipe.code ?? body.data.voidSwipe.__typename;
}

async function dispute(token: Parameters<Office['ask']>[0], call: string): Promise<string> {
  const { body } = await office.ask<Record<string, never>>(token, `mutation { said: ${call} ${stepFields} }`);
  return saidOf(body.data?.said, body.errors?.[0]?.extensions.code);
}

it('a draft is what the ledger has of the month, its last midnight included', async () => {
  swipes.push(await office.eat(diner(0), '2026-03-11'));
  swipes.push(await office.eat(diner(1), '2026-03-11'));
  swipes.push(await office.eat(diner(0), '2026-03-31', '2026-03-31T23:59:59.999'));
  // A meal of March that the ledger has in April.
  await office.eat(diner(1), '2026-03-31', '2026-04-01T00:00:00');
  expect(await sums('2026-03')).toEqual({
    state: 'DRAFT',
    sums: {
      lines: 3,
      meals: 3,
      elders: 2,
      grossFen: 3600,
      subsidyFen: 900,
      discountFen: 0,
      selfPaidFen: 2700,
      operatorFen: 0,
    },
    shares: [{ part: 'SUBSIDY', code: 'BUREAU', units: 3, fen: 900 }],
  });
  expect((await sums('2026-02')).sums).toMatchObject({ lines: 0, grossFen: 0 });
});

it('a month is submitted from ten past its last midnight on, by its canteen, earlier months first', async () => {
  now('2026-04-01T00:09:59');
  expect(await office.step('canteen', 'submitStatement', '2026-03')).toBe('MONTH_NOT_OVER month');
  now('2026-05-01T08:00:00');
  expect(await office.step('canteen', 'submitStatement', '2026-04')).toBe('EARLIER_MONTH_OPEN month');
  now('2026-04-01T00:10:00');
  for (const token of ['street', 'county', 'finance'] as const)
    expect(await office.step(token, 'submitStatement', '2026-03')).toBe('NOT_ENTITLED canteenId');
  expect(await office.step('otherCounty', 'submitStatement', '2026-03')).toBe('STATEMENT_UNKNOWN canteenId');
  expect(await office.step('admin', 'submitStatement', '2026-03')).toBe('FORBIDDEN');
  expect(await office.step('canteen', 'submitStatement', '2026-13')).toBe('MONTH_INVALID month');
  expect(await office.step('canteen', 'submitStatement', '2026-03', ', version: 1')).toBe(
    'VERSION_CHANGED version',
  );
});

it('of submissions that race exactly one gets through', async () => {
  const tokens = ['canteen', 'canteen2', 'canteen', 'canteen2', 'canteen'] as const;
  const answers = await Promise.all(tokens.map((token) => office.step(token, 'submitStatement', '2026-03')));
  expect(answers.sort()).toEqual(['SUBMITTED', ...Array(4).fill('WRONG_STATE month')]);
  expect(await office.lines('2026-03')).toHaveLength(3);
});

it('a step out of turn names the state', async () => {
  const { body } = await office.ask<{ signStatement: { message: string } }>(
    'finance',
    `mutation { signStatement(canteenId: ${office.canteenId}, month: "2026-03") { ... on StatementRefusal { message } } }`,
  );
  expect(body.data.signStatement.message).toBe(
    'month: the statement is SUBMITTED, in which this step is not taken',
  );
  expect(await office.step('finance', 'payStatement', '2026-03', ', note: "P-1"')).toBe('WRONG_STATE month');
  expect(await office.step('canteen', 'reviewStatement', '2026-03')).toBe('NOT_ENTITLED canteenId');
});

it('the street gives it back with a reason, and it is submitted again', async () => {
  expect(await office.step('street', 'returnStatement', '2026-03', ', note: " "')).toBe('NOTE_INVALID note');
  expect(await office.step('street', 'returnStatement', '2026-03', ', note: "缺少签字"')).toBe('DRAFT');
  expect(await voidSwipe(swipes[1] as string)).toBe('SwipeReceipt');
  expect(await office.step('canteen', 'submitStatement', '2026-03')).toBe('SUBMITTED');
  // The void was booked in April, so that March stays as it was.
  expect((await sums('2026-03')).sums).toMatchObject({ lines: 3, meals: 3, grossFen: 3600 });
});

it('a line is disputed, answered and decided, each in its turn and by its people', async () => {
  const [line, , third] = await office.lines('2026-03');
  const of = (lineId: string | undefined, reason = '当日未见此人') =>
    `disputeLine(canteenId: ${office.canteenId}, month: "2026-03", lineId: "${lineId}", reason: "${reason}")`;
  expect(await dispute('canteen', of(line?.id))).toBe('NOT_ENTITLED canteenId');
  expect(await dispute('street', of('999999999999'))).toBe('LINE_UNKNOWN lineId');
  expect(await dispute('street', of(line?.id, ''))).toBe('NOTE_INVALID reason');
  expect(await dispute('street', of(line?.id))).toBe('SUBMITTED');
  expect(await dispute('street', of(line?.id))).toBe('LINE_NOT_DISPUTABLE lineId');
  expect(await dispute('both', of(third?.id))).toBe('SUBMITTED');
  expect(await office.step('street', 'reviewStatement', '2026-03')).toBe('DISPUTES_OPEN month');

  const disputed = await office.lines('2026-03', ', disputed: OPEN');
  const [first = '', second = ''] = disputed.map((each) => each.dispute?.id);
  const decide = (id: string, decision: string) =>
    `decideDispute(disputeId: "${id}", decision: ${decision}, reason: "已核对照片")`;
  expect(await dispute('street', decide(first, 'UPHELD'))).toBe('OUT_OF_TURN disputeId');
  expect(await dispute('street', `answerDispute(disputeId: "${first}", answer: "有照片")`)).toBe(
    'NOT_ENTITLED disputeId',
  );
  expect(await dispute('otherCounty', `answerDispute(disputeId: "${first}", answer: "有照片")`)).toBe(
    'DISPUTE_UNKNOWN disputeId',
  );
  const answerOf = (id: string) => `answerDispute(disputeId: "${id}", answer: "有照片")`;
  expect(await dispute('both', answerOf(second))).toBe('SAME_PERSON disputeId');
  for (const id of [first, second]) expect(await dispute('canteen', answerOf(id))).toBe('SUBMITTED');
  const decisions = await Promise.all([1, 2, 3].map(() => dispute('street', decide(first, 'UPHELD'))));
  expect(decisions.sort()).toEqual(['OUT_OF_TURN disputeId', 'OUT_OF_TURN disputeId', 'SUBMITTED']);
  expect(await dispute('street', decide(second, 'REJECTED'))).toBe('SUBMITTED');
  expect(await voidSwipe(swipes[0] as string)).toBe('DISPUTE_UPHELD');
});

it('is reviewed, sent back, signed, paid and frozen, never twice in a row by one person', async () => {
  expect(await office.step('street', 'reviewStatement', '2026-03')).toBe('REVIEWED');
  expect(await office.step('finance', 'sendBackStatement', '2026-03', ', note: "请复核"')).toBe('SUBMITTED');
  expect(await office.step('street2', 'reviewStatement', '2026-03')).toBe('REVIEWED');
  expect(await office.step('canteen', 'signStatement', '2026-03')).toBe('NOT_ENTITLED canteenId');
  expect(await office.step('finance', 'signStatement', '2026-03')).toBe('SIGNED');
  expect(await office.step('finance', 'payStatement', '2026-03', ', note: "P-1"')).toBe(
    'SAME_PERSON canteenId',
  );
  expect(await office.step('finance2', 'payStatement', '2026-03', ', note: ""')).toBe('NOTE_INVALID note');
  expect(await office.step('finance2', 'payStatement', '2026-03', ', note: "P-1"')).toBe('PAID');
  expect(await office.step('finance2', 'freezeStatement', '2026-03')).toBe('SAME_PERSON canteenId');
  const open = () =>
    office.server.database.read((manager) =>
      isMonthOpen(manager, { canteenId: office.canteenId, month: '2026-03' }),
    );
  expect(await open()).toBe(true);
  expect(await office.step('county', 'freezeStatement', '2026-03')).toBe('FROZEN');
  expect(await open()).toBe(false);
  expect(await office.step('county', 'sendBackStatement', '2026-03', ', note: "x"')).toBe('FROZEN month');
  const [id] = (await office.lines('2026-03', ', disputed: DECIDED')).map((each) => each.dispute?.id);
  expect(await dispute('canteen', `answerDispute(disputeId: "${id}", answer: "x")`)).toBe('FROZEN month');
  expect(await dispute('street', `decideDispute(disputeId: "${id}", decision: REJECTED, reason: "x")`)).toBe(
    'FROZEN month',
  );
  const { body } = await office.ask<{ canteenStatement: { events: { event: string }[] } }>(
    'county',
    `{ canteenStatement(canteenId: ${office.canteenId}, month: "2026-03") { events { event } } }`,
  );
  expect(body.data.canteenStatement.events.map(({ event }) => event).join(' ')).toBe(
    'SUBMIT RETURN SUBMIT REVIEW SEND_BACK REVIEW SIGN PAY FREEZE',
  );
});

it('what came late for a frozen month is a correction in the next, and the frozen one is as it was', async () => {
  const before = await office.download('finance', `${office.canteenId}/2026-03.csv`);
  await office.eat(diner(2), '2026-03-31', '2026-04-02T09:00:00');
  await office.eat(diner(2), '2026-04-02');
  const april = await office.lines('2026-04');
  expect(
    april.map(({ kind, correctsMonth, subsidyFen, discountFen }) => [
      kind,
      correctsMonth,
      subsidyFen,
      discountFen,
    ]),
  ).toEqual([
    ['SWIPE', '2026-03', 300, 0],
    ['VOID', '2026-03', -300, 0],
    ['DISPUTE', '2026-03', -300, 300],
    ['SWIPE', '2026-03', 300, 0],
    ['SWIPE', null, 300, 0],
  ]);
  expect(await office.lines('2026-04', ', corrections: false')).toHaveLength(1);
  now('2026-05-01T00:10:00');
  expect(await office.step('canteen2', 'submitStatement', '2026-04')).toBe('SUBMITTED');
  expect(await office.lines('2026-04')).toEqual(april);
  const after = await office.download('finance', `${office.canteenId}/2026-03.csv`);
  expect(after.bytes.equals(before.bytes)).toBe(true);
  expect(after.bytes.length).toBeGreaterThan(500);
});

it('a month without meals is a statement too, and lists by state and place', async () => {
  const listed = async (filter: string, token: Parameters<Office['ask']>[0] = 'county') => {
    const { body } = await office.ask<{
      statements: { nodes: { state: string; canteen: { id: string } }[] };
    }>(
      token,
      `{ statements(month: "2026-04"${filter}) { nodes { state canteen { id } sums { lines } shares { fen } events { event } } } }`,
    );
    return body.data.statements.nodes.map(({ state, canteen }) => `${canteen.id} ${state}`);
  };
  const [first, second] = office.town.canteenIds;
  expect(await listed('')).toEqual([`${first} SUBMITTED`, `${second} DRAFT`]);
  expect(await listed(', state: DRAFT')).toEqual([`${second} DRAFT`]);
  expect(await listed(`, within: ${office.town.otherCountyId}`)).toEqual([]);
  expect(await listed('', 'canteen')).toEqual([`${first} SUBMITTED`]);
  const close = (on: string) =>
    office.server.database.write((manager) =>
      manager.query('UPDATE facility SET closedOn = ? WHERE id = ?', [on, second]),
    );
  // Closed within the month: its meals until then are settled all the same.
  await close('2026-04-02');
  expect(await listed(', state: DRAFT')).toEqual([`${second} DRAFT`]);
  await close('2025-03-01');
  expect(await listed(', state: DRAFT')).toEqual([]);
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectAuditClean } from '../support/audited.js';
import { at, type Office, openOffice } from '../support/settlement.js';
import { balanceOf, countRows, type Diner } from '../support/town.js';

let office: Office;
let diner: Diner;

beforeAll(async () => {
  office = await openOffice();
  diner = await office.diner();
});
afterAll(async () => {
  await expectAuditClean(office.server.database);
  await office.server.close();
});

const now = (text: string) => office.server.clock.set(at(text), 0);
const note = ', note: "P-1"';

async function takeBack(mutation: 'voidSwipe' | 'correctSwipe', swipeId: string): Promise<string> {
  const { body } = await office.ask<Record<string, { __typename: string; code?: string; field?: string[] }>>(
    'canteen',
    `mutation { ${mutation}(swipeId: "${swipeId}", reason: "错刷") { __typename ... on VoidRefusal { code field } } }`,
  );
  const answer = body.data[mutation];
  return answer?.code ? `${answer.code} ${answer.field?.join('.')}` : String(answer?.__typename);
}

async function bookings(): Promise<string[]> {
  const rows: { kind: string; bookedOn: string }[] = await office.server.database.read((manager) =>
    manager.query(
      "SELECT kind, CAST(bookedOn AS CHAR) AS bookedOn FROM ledger_posting WHERE kind = 'VOID' ORDER BY id",
    ),
  );
  return rows.map(({ kind, bookedOn }) => `${kind} ${bookedOn}`);
}

const kinds = async (month: string) =>
  (await office.lines(month)).map(({ kind, correctsMonth }) => `${kind} ${correctsMonth}`);

describe('a meal of the last day of a month that is taken back', () => {
  const swipes: string[] = [];

  beforeAll(async () => {
    for (const day of ['2026-03-28', '2026-03-29', '2026-03-30', '2026-03-31']) {
      swipes.push(await office.eat(diner, day));
    }
  });

  it('before the last midnight in China is in the month itself', async () => {
    now('2026-03-31T23:59:59.999');
    expect(await takeBack('voidSwipe', swipes[3] as string)).toBe('SwipeReceipt');
    expect(await bookings()).toEqual(['VOID 2026-03-31']);
    expect(await kinds('2026-03')).toEqual([...Array(4).fill('SWIPE null'), 'VOID null']);
    expect(await kinds('2026-04')).toEqual([]);
  });

  it('from that midnight on is a correction in the next, whether the month was submitted or not', async () => {
    now('2026-04-01T00:00:00');
    expect(await takeBack('voidSwipe', swipes[2] as string)).toBe('SwipeReceipt');
    now('2026-04-01T00:10:00');
    expect(await office.step('canteen', 'submitStatement', '2026-03')).toBe('SUBMITTED');
    expect(await takeBack('correctSwipe', swipes[1] as string)).toBe('MONTH_OPEN swipeId');
    expect(await takeBack('voidSwipe', swipes[1] as string)).toBe('SwipeReceipt');
    expect(await bookings()).toEqual(['VOID 2026-03-31', 'VOID 2026-04-01', 'VOID 2026-04-01']);
    expect(await kinds('2026-03')).toEqual([...Array(4).fill('SWIPE null'), 'VOID null']);
    expect(await kinds('2026-04')).toEqual(['VOID 2026-03', 'VOID 2026-03']);
  });

  it('of a frozen month is refused as a void, and corrected in the next by its own name, once', async () => {
    expect(await office.step('street', 'reviewStatement', '2026-03')).toBe('REVIEWED');
    expect(await office.step('county', 'signStatement', '2026-03')).toBe('SIGNED');
    expect(await office.step('finance', 'payStatement', '2026-03', note)).toBe('PAID');
    expect(await office.step('finance2', 'freezeStatement', '2026-03')).toBe('FROZEN');
    const frozen = await office.download('finance', `${office.canteenId}/2026-03.xlsx`);
    const postings = await countRows(office.server, 'ledger_posting');
    expect(await takeBack('voidSwipe', swipes[0] as string)).toBe('MONTH_CLOSED swipeId');
    expect(await countRows(office.server, 'ledger_posting')).toBe(postings);

    const before = await balanceOf(office.town, diner.elderId);
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => takeBack('correctSwipe', swipes[0] as string)),
    );
    expect(answers.sort()).toEqual([...Array(4).fill('ALREADY_VOIDED swipeId'), 'SwipeReceipt']);
    expect(await balanceOf(office.town, diner.elderId)).toBe(before + 900);
    expect(await kinds('2026-04')).toEqual(Array(3).fill('VOID 2026-03'));
    const after = await office.download('finance', `${office.canteenId}/2026-03.xlsx`);
    expect(after.bytes.equals(frozen.bytes)).toBe(true);
  });

  it('frees the meal: it can be eaten again on subsidy, late, as a line of the next month', async () => {
    await office.eat(diner, '2026-03-28', '2026-04-01T09:00:00');
    expect(await kinds('2026-04')).toEqual([...Array(3).fill('VOID 2026-03'), 'SWIPE 2026-03']);
  });
});

it('nobody decides on a dispute of a frozen month, and nothing is written', async () => {
  const [line] = await office.lines('2026-03');
  const rows = await countRows(office.server, 'statement_dispute');
  const { body } = await office.ask<{ disputeLine: { code: string; field: string[] } }>(
    'street',
    `mutation { disputeLine(canteenId: ${office.canteenId}, month: "2026-03", lineId: "${line?.id}", reason: "未见此人") {
        ... on StatementRefusal { code field } } }`,
  );
  expect(body.data.disputeLine).toEqual({ code: 'FROZEN', field: ['month'] });
  for (const step of ['submit', 'return', 'review', 'sendBack', 'sign', 'pay', 'freeze']) {
    const by = { submit: 'canteen', return: 'street', review: 'street' }[step] ?? 'finance';
    const more = ['return', 'sendBack', 'pay'].includes(step) ? note : '';
    expect(await office.step(by as 'canteen', `${step}Statement`, '2026-03', more)).toBe('FROZEN month');
  }
  expect(await countRows(office.server, 'statement_dispute')).toBe(rows);
});

it('what is booked in a frozen month after it was submitted waits for the next, and the audit has no word against it', async () => {
  // As when the clock was set ahead for the freezing and is given back, or a swipe was under way for longer than the grace.
  await office.eat(await office.diner(), '2026-03-30');
  expect(await kinds('2026-04')).toContain('SWIPE 2026-03');
  await expectAuditClean(office.server.database);
  now('2026-05-01T00:10:00');
  expect(await office.step('canteen', 'submitStatement', '2026-04')).toBe('SUBMITTED');
  expect(await kinds('2026-04')).toContain('SWIPE 2026-03');
});

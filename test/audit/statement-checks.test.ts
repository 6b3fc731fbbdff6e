import { afterAll, beforeAll, expect, it } from 'vitest';
import { brokenWith } from '../support/audited.js';
import { at, type Office, openOffice, saidOf, stepFields } from '../support/settlement.js';

let office: Office;
/** A frozen month of two elders with a meal that was disputed, and what SQL names of it. */
const of = { statement: 0, later: 0, posting: 0, dispute: 0, swipe: 0, elder: 0, otherElder: 0, canteen: 0 };

beforeAll(async () => {
  office = await openOffice();
  const [one, other] = [await office.diner(), await office.diner()];
  await office.eat(one, '2026-03-11');
  await office.eat(other, '2026-03-11');
  await office.eat(one, '2026-03-12');
  office.server.clock.set(at('2026-04-01T00:10:00'), 0);
  const step = (by: Parameters<Office['step']>[0], name: string, month = '2026-03') =>
    office.step(by, `${name}Statement`, month, name === 'pay' ? ', note: "P-1"' : '');
  expect(await step('canteen', 'submit')).toBe('SUBMITTED');
  await uphold();
  expect(await step('street', 'review')).toBe('REVIEWED');
  expect(await step('county', 'sign')).toBe('SIGNED');
  expect(await step('finance', 'pay')).toBe('PAID');
  expect(await step('finance2', 'freeze')).toBe('FROZEN');
  await office.eat(one, '2026-04-02');
  office.server.clock.set(at('2026-05-01T00:10:00'), 0);
  expect(await step('canteen', 'submit', '2026-04')).toBe('SUBMITTED');
  const [line] = await rows(
    `SELECT statementId AS statement, postingId AS posting, sourceId AS swipe, elderId AS elder
       FROM statement_line ORDER BY postingId LIMIT 1`,
  );
  const [posted] = await rows("SELECT id AS dispute FROM ledger_posting WHERE kind = 'DISPUTE'");
  const [april] = await rows("SELECT id AS later FROM month_statement WHERE month = '2026-04'");
  const canteen = office.canteenId;
  Object.assign(of, line, posted, april, { otherElder: other.elderId, canteen });
});
afterAll(() => office.server.close());

/** The first line of March is disputed, answered, and the dispute upheld. */
async function uphold(): Promise<void> {
  const say = async (by: 'street' | 'canteen', call: string) => {
    const { body } = await office.ask<Record<string, never>>(by, `mutation { said: ${call} ${stepFields} }`);
    expect(saidOf(body.data?.said, body.errors?.[0]?.extensions.code)).toBe('SUBMITTED');
  };
  const lineId = (await office.lines('2026-03'))[0]?.id;
  const key = `canteenId: ${office.canteenId}, month: "2026-03"`;
  await say('street', `disputeLine(${key}, lineId: "${lineId}", reason: "未见此人")`);
  const disputeId = (await office.lines('2026-03', ', disputed: OPEN'))[0]?.dispute?.id;
  await say('canteen', `answerDispute(disputeId: "${disputeId}", answer: "无照片")`);
  await say('street', `decideDispute(disputeId: "${disputeId}", decision: UPHELD, reason: "属实")`);
}

const rows = (sql: string): Promise<Record<string, number>[]> =>
  office.server.database.read((manager) => manager.query(sql));

type Case = [check: string, changed: string, (ids: typeof of) => string[]];

const line = (change: string) => (ids: typeof of) => [
  `UPDATE statement_line SET ${change} WHERE postingId = ${ids.posting}`,
];
const statement = (change: string) => (ids: typeof of) => [
  `UPDATE month_statement SET ${change} WHERE id = ${ids.statement}`,
];
const share = (change: string) => (ids: typeof of) => [
  `UPDATE statement_share SET ${change} WHERE statementId = ${ids.statement}`,
];
const event = (change: string) => (ids: typeof of) => [`${change} AND statementId = ${ids.statement}`];
const entry = (change: string) => (ids: typeof of) => [
  `UPDATE ledger_entry SET ${change} AND postingId = ${ids.posting}`,
];
const posting = (change: string) => (ids: typeof of) => [
  `UPDATE ledger_posting SET ${change} WHERE id = ${ids.posting}`,
];
const named = 'every line of a statement names the kind, the meal, the elder and the month of its posting';
const summed = 'every statement of kind CANTEEN is the sum of its lines, and a draft has none';
const owed = 'what a funder owes by a statement is what its account says of the lines';
const walked = 'every event of a statement is a step from where the one before has led, and none is missing';
const persons = 'nobody takes two steps of a statement in a row, and nobody approves what they submitted';
const upheld = 'an upheld dispute gives its funders back what they bore, and charges the canteen with it';
const booked = 'every posting is booked on the day in China on which it was written';
const touched = 'every posting touches the accounts of its kind alone, of one canteen and one elder at most';

const statementCases: readonly Case[] = [
  [named, "a line's elder", (ids) => line(`elderId = ${ids.otherElder}`)(ids)],
  [named, "a line's day", line("day = '2026-03-12'")],
  [named, "a line's month", line("correctsMonth = '2026-02'")],
  [named, "a line's kind", line("kind = 'REVIEW'")],
  [named, "a line's source", line('sourceId = sourceId + 1')],
  [named, 'units and their sum', (ids) => [...line('units = 2')(ids), ...statement('unitCount = 4')(ids)]],
  [
    'every line of a statement says what its posting says of its canteen',
    "a line's amounts",
    line('subsidyFen = subsidyFen + 1, selfPaidFen = selfPaidFen - 1'),
  ],
  [summed, 'the number of elders', statement('elderCount = 3')],
  [summed, 'the number of lines', statement('lineCount = 4')],
  [
    "a canteen's funders together owe its subsidies and what its operator gets",
    "a share's amount",
    share('fen = fen + 1'),
  ],
  [owed, "a share's amount", share('fen = fen + 1')],
  [owed, "a share's units", share('units = units + 1')],
  [
    'what donors bear is a donation, and what others bear is none',
    "a share's part",
    share("part = 'DONATION'"),
  ],
  [
    'no posting of a submitted month is left out by the statement of a later one',
    'a line that is gone',
    (ids) => [`DELETE FROM statement_line WHERE postingId = ${ids.posting}`],
  ],
  [
    'no posting is settled before it was booked, and none by two statements',
    "a posting's month",
    posting("bookedOn = '2026-04-01'"),
  ],
  [
    'every dispute about a meal that was upheld, and no other, is posted once',
    'the decision',
    () => ["UPDATE statement_dispute SET decision = 'REJECTED'"],
  ],
  [
    upheld,
    'amounts doubled',
    (ids) => [`UPDATE ledger_entry SET fen = fen * 2 WHERE postingId = ${ids.dispute}`],
  ],
  [
    upheld,
    'another canteen',
    (ids) => [
      `UPDATE ledger_entry
          SET accountId = (SELECT id FROM ledger_account WHERE kind = 'CANTEEN_DISCOUNT' AND ownerId <> ${ids.canteen} LIMIT 1)
        WHERE postingId = ${ids.dispute}
          AND accountId = (SELECT id FROM ledger_account WHERE kind = 'CANTEEN_DISCOUNT' AND ownerId = ${ids.canteen})`,
    ],
  ],
  [
    'every posting of a dispute belongs to one',
    "the posting's source",
    (ids) => [`UPDATE ledger_posting SET sourceId = -1 WHERE id = ${ids.dispute}`],
  ],
  [
    'what operators get is owed by its funders once the statement is signed, and not before',
    'a share that was not posted',
    (ids) => [
      `INSERT INTO statement_share (statementId, part, funderId, units, fen)
       SELECT ${ids.statement}, 'OPERATOR_MEAL', MIN(id), 1, 100 FROM funder`,
    ],
  ],
  [
    'what funders owe an operator is owed to the canteen of the statement, and nothing else is',
    'a posting that no statement asked for',
    (ids) => [
      `INSERT INTO ledger_account (kind, ownerId) VALUES ('CANTEEN_OPERATOR', ${ids.canteen})`,
      `UPDATE ledger_entry
          SET accountId = (SELECT id FROM ledger_account WHERE kind = 'CANTEEN_OPERATOR')
        WHERE postingId = ${ids.posting} AND line = 1`,
    ],
  ],
  ['the last event of a statement led to the state that it is in', 'the state', statement("state = 'PAID'")],
  [walked, 'a signature that is gone', event("DELETE FROM statement_event WHERE event = 'SIGN'")],
  [
    walked,
    'where a signature led',
    event("UPDATE statement_event SET toState = 'REVIEWED' WHERE event = 'SIGN'"),
  ],
  [
    walked,
    'a payment without its number',
    event("UPDATE statement_event SET note = NULL WHERE event = 'PAY'"),
  ],
  [
    persons,
    'one person for all',
    event("UPDATE statement_event SET byId = (SELECT MIN(id) FROM account) WHERE event <> ''"),
  ],
  [
    'nobody answers a dispute that they raised, or decides on one that they answered',
    'who answered',
    () => ['UPDATE statement_dispute SET answeredById = raisedById'],
  ],
];

const ledgerCases: readonly Case[] = [
  ['every posting sums to zero', 'an entry', entry('fen = fen + 1 WHERE line = 1')],
  ['all entries together sum to zero', 'an entry', entry('fen = fen + 1 WHERE line = 1')],
  [
    'every posting has at least two entries',
    'entries that are gone',
    (ids) => [`DELETE FROM ledger_entry WHERE postingId = ${ids.posting} AND line > 1`],
  ],
  [
    "every elder's balance is the sum of the account's entries",
    'a balance',
    () => ["UPDATE ledger_account SET balanceFen = balanceFen + 1 WHERE kind = 'ELDER'"],
  ],
  [
    'every elder with a card has an account',
    'an account that is gone',
    () => ["UPDATE ledger_account SET ownerId = ownerId + 1000000 WHERE kind = 'ELDER'"],
  ],
  [
    'every canteen has its accounts',
    'an account that is gone',
    () => ["UPDATE ledger_account SET ownerId = ownerId + 1000000 WHERE kind = 'CANTEEN_DISCOUNT'"],
  ],
  ['every recorded swipe, and no other, is posted once', "a posting's source", posting('sourceId = -1')],
  [
    'every posting of a meal belongs to a swipe, every top-up posting to a top-up',
    "a posting's source",
    posting('sourceId = -1'),
  ],
  [
    "a swipe's posting says what the swipe says",
    "a swipe's amounts",
    (ids) => [
      `UPDATE swipe SET subsidyFen = subsidyFen + 1, selfPaidFen = selfPaidFen - 1 WHERE id = ${ids.swipe}`,
    ],
  ],
  [
    'every voided swipe, and no other, has an opposite posting',
    'a void',
    (ids) => [`UPDATE swipe SET voidedAt = 1, claimedMeal = NULL WHERE id = ${ids.swipe}`],
  ],
  [
    'a voided swipe and its opposite posting cancel out on every account',
    'a void',
    (ids) => [`UPDATE swipe SET voidedAt = 1, claimedMeal = NULL WHERE id = ${ids.swipe}`],
  ],
  [
    'every top-up is posted once, with its amount to its elder',
    'an amount',
    () => ['UPDATE top_up SET fen = fen + 1'],
  ],
  [
    touched,
    'cash that a funder gave',
    () => [
      `UPDATE ledger_entry
          SET accountId = (SELECT id FROM ledger_account WHERE kind = 'FUNDER' LIMIT 1)
        WHERE accountId = (SELECT id FROM ledger_account WHERE kind = 'CASH')`,
    ],
  ],
  [booked, 'an earlier month', posting("bookedOn = '2026-02-11'")],
  [booked, 'the day before', posting("bookedOn = '2026-03-10'")],
];

it('holds before anything is changed', async () => {
  expect(await brokenWith(office.server.database, [])).toEqual([]);
});

it.each([...statementCases, ...ledgerCases])('%s: finds %s', async (check, _changed, changes) => {
  expect(await brokenWith(office.server.database, changes(of))).toContain(check);
});

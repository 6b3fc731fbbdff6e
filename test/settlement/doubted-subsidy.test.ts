import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eraseElder } from '../../src/elders/erase-elder.js';
import { elderMealRecords } from '../../src/meals/elder-meal-records.js';
import { expectAuditClean } from '../support/audited.js';
import { booked, borneIn, previewed } from '../support/previews.js';
import { settleFile } from '../support/settled-file.js';
import { at, type Office, openOffice, saidOf, stepFields } from '../support/settlement.js';
import type { Diner } from '../support/town.js';

let office: Office;
let diner: Diner;
const swipes: string[] = [];

beforeAll(async () => {
  office = await openOffice();
  diner = await office.diner();
  for (const day of ['2026-03-10', '2026-03-11', '2026-03-12']) swipes.push(await office.eat(diner, day));
  office.server.clock.set(at('2026-04-02T09:00:00'), 0);
  expect(await office.step('canteen', 'submitStatement', '2026-03')).toBe('SUBMITTED');
});
afterAll(async () => {
  await expectAuditClean(office.server.database);
  await office.server.close();
});

async function dispute(token: keyof Office['tokens'], mutation: string): Promise<string> {
  const { body } = await office.ask<Record<string, never>>(token, `mutation { ${mutation} ${stepFields} }`);
  return saidOf(Object.values(body.data ?? {})[0], body.errors?.[0]?.extensions.code);
}

async function upheld(day: string): Promise<string> {
  const lineOf = async () => (await office.lines('2026-03')).find((line) => line.day === day);
  const named = `canteenId: ${office.canteenId}, month: "2026-03"`;
  const doubt = `disputeLine(${named}, lineId: "${(await lineOf())?.id}", reason: "当日未见此人")`;
  expect(await dispute('street', doubt)).toBe('SUBMITTED');
  const id = (await lineOf())?.dispute?.id;
  expect(await dispute('canteen', `answerDispute(disputeId: "${id}", answer: "有照片")`)).toBe('SUBMITTED');
  return dispute('street', `decideDispute(disputeId: "${id}", decision: UPHELD, reason: "已核对")`);
}

async function openReasons(): Promise<string[]> {
  const { body } = await office.ask<{ openReviews: { nodes: { swipeId: string; reason: string }[] } }>(
    'street',
    '{ openReviews(first: 50) { nodes { swipeId reason doubtedFen } } }',
  );
  return body.data.openReviews.nodes.map(({ swipeId, reason }) => `${swipes.indexOf(swipeId)} ${reason}`);
}

async function decide(swipeId: string | undefined, bornBy: string): Promise<string> {
  const { body } = await office.ask<{ decideReview: { code?: string; decision?: { bornBy: string } } }>(
    'street',
    `mutation { decideReview(requestId: "${randomUUID()}", swipeId: "${swipeId}", bornBy: ${bornBy}, note: "核实")
       { ... on SwipeReview { decision { bornBy } } ... on ReviewRefusal { code } } }`,
  );
  return body.data.decideReview.code ?? body.data.decideReview.decision?.bornBy ?? '';
}

it('a subsidy is given back once: by a dispute, or by a review of what became known late', async () => {
  expect(await upheld('2026-03-10')).toBe('SUBMITTED');
  await office.ask(
    'admin',
    `mutation { endElder(elderId: ${diner.elderId}, status: DECEASED, on: "2026-03-10") { __typename } }`,
  );
  // Nobody is charged for the first any more.
  expect(await openReasons()).toEqual(['1 END_ENTERED_LATE', '2 END_ENTERED_LATE']);
  expect(await upheld('2026-03-11')).toBe('SUBMITTED');
  expect(await openReasons()).toEqual(['2 END_ENTERED_LATE']);
  expect(await decide(swipes[1], 'CANTEEN')).toBe('DISPUTE_UPHELD');
  expect(await decide(swipes[2], 'CANTEEN')).toBe('CANTEEN');
  expect(await upheld('2026-03-12')).toBe('LINE_NOT_DISPUTABLE decision');
});

it('what a dispute or a review gave back is nobody’s cost but the canteen’s, by whatever rules', async () => {
  const { database } = office.server;
  const impact = await previewed({ database }, 'LUNCH-60', { version: 2 });
  const costs = { subsidyFen: 0, discountFen: 900, selfPaidFen: 2700 };
  expect(impact).toMatchObject({ meals: 3, changed: 0, actual: costs, proposed: costs, funding: [] });
  expect(borneIn(impact)).toEqual(await booked({ ...office.town, database }));
});

it('stands in the month in which it was decided, as a correction of the month of the meal', async () => {
  const lines = (await office.lines('2026-04')).filter(({ kind }) => kind === 'REVIEW');
  expect(lines).toMatchObject([
    { day: '2026-03-12', correctsMonth: '2026-03', grossFen: 0, subsidyFen: -300, discountFen: 300 },
  ]);
});

it('what was said about a meal is in the file of its elder, and goes with it', async () => {
  const { database, clock } = office.server;
  const said = ['当日未见此人', '有照片', '已核对'];
  const file = await database.read((manager) => elderMealRecords.collect(manager, diner.elderId));
  for (const words of said) expect(JSON.stringify(file)).toContain(words);
  const erasure = { elderId: diner.elderId, retentionDays: 0, records: [elderMealRecords], now: clock.now() };
  const { town } = office;
  await settleFile({ ...town, database }, diner.elderId, clock.now());
  const erase = () => database.write((manager) => eraseElder(manager, erasure, 'everywhere'));
  // The dispute of a subsidy that was taken back by a review waits to be rejected.
  expect(await erase()).toMatchObject({
    refused: 'NOT_SETTLED',
    message: { zh: expect.stringMatching(/：待决定的争议$/) },
  });
  const waiting = (await office.lines('2026-03')).find(({ dispute: each }) => each && each.decision === null);
  const rejected = `decideDispute(disputeId: "${waiting?.dispute?.id}", decision: REJECTED, reason: "已核对")`;
  expect(await dispute('street', rejected)).toBe('SUBMITTED');
  const erased = await erase();
  expect(erased).toMatchObject({ name: '已清除' });
  const left = JSON.stringify(
    await database.read((manager) => manager.query('SELECT * FROM statement_dispute')),
  );
  for (const words of said) expect(left).not.toContain(words);
});

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readDocument } from '../../seeds/month/read-document.js';
import { canteenSettlement } from '../../src/meals/canteen-settlement.js';
import { StatementInMotion, statementSheet } from '../../src/settlement/export-statement.js';
import { readStatement } from '../../src/settlement/read-statement.js';
import type { SettlementKind } from '../../src/settlement/settlement-kind.js';
import { sheetBytes } from '../../src/settlement/spreadsheet.js';
import { at, type Office, openOffice } from '../support/settlement.js';
import type { Diner } from '../support/town.js';

let office: Office;
let diner: Diner;
beforeAll(async () => {
  office = await openOffice();
  diner = await office.diner();
});
afterAll(() => office.server.close());

/** The document of March, with something that happens after its lines were read. */
async function documentWhile(happens: (time: number) => Promise<unknown>) {
  const { database, clock } = office.server;
  let times = 0;
  const kind: SettlementKind = {
    ...canteenSettlement,
    async findLines(...asked) {
      const lines = await canteenSettlement.findLines(...asked);
      times += 1;
      await happens(times);
      return lines;
    },
  };
  const key = { facilityId: office.canteenId, month: '2026-03' };
  const statement = await database.read((manager) => readStatement(manager, 'CANTEEN', key));
  const sheet = await statementSheet(database, { kind, statement, now: clock.now(), wholeIn: [] });
  const parts: Buffer[] = [];
  for await (const part of sheetBytes('csv', sheet)) parts.push(Buffer.from(part));
  const bytes = Buffer.concat(parts);
  return { ...(await readDocument('csv', bytes)), text: bytes.toString('utf8') };
}

it('a draft to which a line comes while it is read has that line and its totals', async () => {
  await office.eat(diner, '2026-03-10');
  await office.eat(diner, '2026-03-11');
  const document = await documentWhile(async (time) => {
    if (time === 1) await office.eat(diner, '2026-03-12');
  });
  expect(document).toMatchObject({ lines: 3, grossFen: 3600, owedFen: 900, faults: [] });
});

it('one that never comes to rest is no document', async () => {
  const guests = [
    office.diner(),
    office.diner(),
    office.diner(),
    office.diner(),
    office.diner(),
    office.diner(),
  ];
  const moving = documentWhile(async (time) => {
    const guest = await guests[time - 1];
    if (guest) await office.eat(guest, '2026-03-13');
  });
  await expect(moving).rejects.toThrow(StatementInMotion);
});

it('one that is given back while it is read is the draft that it became', async () => {
  office.server.clock.set(at('2026-04-02T09:00:00'), 0);
  expect(await office.step('canteen', 'submitStatement', '2026-03')).toBe('SUBMITTED');
  const document = await documentWhile(async (time) => {
    if (time === 1) {
      expect(await office.step('street', 'returnStatement', '2026-03', ', note: "补充"')).toBe('DRAFT');
    }
  });
  expect(document).toMatchObject({ lines: 9, grossFen: 9 * 1200, faults: [] });
  expect(document.text).toContain('状态：草稿');
});

it('a subsidy that is left as it was paid is nothing in the column of its funder', async () => {
  await office.ask(
    'admin',
    `mutation { endElder(elderId: ${diner.elderId}, status: DECEASED, on: "2026-03-12") { __typename } }`,
  );
  type Reviews = { openReviews: { nodes: { swipeId: string }[] } };
  const { body } = await office.ask<Reviews>('street', '{ openReviews(first: 5) { nodes { swipeId } } }');
  const decided = await office.ask<{ decideReview: object }>(
    'street',
    `mutation { decideReview(requestId: "${randomUUID()}", swipeId: "${body.data.openReviews.nodes[0]?.swipeId}", bornBy: AS_PAID, note: "核实") { __typename } }`,
  );
  expect(decided.body.data.decideReview).toEqual({ __typename: 'SwipeReview' });
  const { bytes } = await office.download('finance', `${office.canteenId}/2026-04.csv`);
  expect(await readDocument('csv', bytes)).toMatchObject({ lines: 1, owedFen: 0, faults: [] });
  const row = bytes
    .toString('utf8')
    .split('\r\n')
    .find((line) => line.includes('复核'));
  expect(row).toMatch(/,0\.00,0\.00,0\.00,0\.00,\d+,0\.00$/);
});

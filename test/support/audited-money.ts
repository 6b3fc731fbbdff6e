import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { Elder } from '../../entities/index.js';
import type { AuditRow } from '../../src/audit-log/audit-record.js';
import { newReader, overlookRecords, server, tokens, town } from './audited-server.js';
import { addDiner, noon, today } from './town.js';

interface Case {
  token: keyof typeof tokens;
  query(): Promise<string>;
  record(): Partial<AuditRow>;
}

let elderId = 0;
let readerId = 0;

async function newDiner(balanceFen = 0): Promise<string> {
  const diner = await addDiner(town, { balanceFen });
  elderId = diner.elderId;
  return diner.uid;
}

/** Swipes of the reader whose token it is; answers the id of the last. */
async function swiped(token: string, uid: string, sequences: readonly number[], offline = false) {
  let swipeId = '';
  for (const sequence of sequences) {
    swipeId = randomUUID();
    const input = { swipeId, sequence, cardUid: uid, swipedAt: noon, grossFen: 1200, offline };
    const query = 'mutation ($input: SwipeInput!) { recordSwipe(input: $input) { outcome } }';
    const { body } = await server.post(query, { input }, token);
    expect(body.errors).toBeUndefined();
  }
  await overlookRecords();
  return swipeId;
}

/** Has the swipe booked in a month that is frozen. */
async function freezeEarlier(swipeId: string): Promise<void> {
  await server.database.write(async (manager) => {
    await manager.query(
      `UPDATE ledger_posting SET bookedOn = '2026-02-10'
        WHERE kind = 'SWIPE' AND sourceId = (SELECT id FROM swipe WHERE swipeId = ?)`,
      [swipeId],
    );
    await manager.query(
      `INSERT INTO month_statement (kind, facilityId, month, state, version, lineCount, unitCount, elderCount,
                                    grossFen, subsidyFen, discountFen, selfPaidFen, operatorFen)
       VALUES ('CANTEEN', ?, '2026-02', 'FROZEN', 5, 0, 0, 0, 0, 0, 0, 0, 0)`,
      [town.canteenIds[0]],
    );
  });
}

/** Mutations about money and what readers bring late, as in `succeeding`. */
export const moneyMutations: Record<string, Case> = {
  refundCard: {
    token: 'manager',
    query: async () =>
      `mutation { refundCard(requestId: "${randomUUID()}", cardUid: "${await newDiner(100)}", fen: 60) { __typename } }`,
    record: () => ({
      elderId,
      facilityId: town.stationId,
      details: expect.stringMatching(/"fen":60.*"balanceFen":100.*"balanceFen":40/),
    }),
  },
  closeMealAccount: {
    token: 'manager',
    async query() {
      await newDiner(700);
      await town.database.write((manager) =>
        manager.update(Elder, { id: elderId }, { status: 'DECEASED', endedOn: today }),
      );
      return `mutation { closeMealAccount(requestId: "${randomUUID()}", elderId: "${elderId}", heir: { name: "王秀英", relation: "女儿", documentReference: "QX-77" }) { __typename } }`;
    },
    record: () => ({
      elderId,
      details: expect.stringMatching(
        /"name":"\*\*\*".*"documentReference":"\*\*\*".*"balanceFen":700.*"status":"ACTIVE".*"balanceFen":0.*"status":"CLOSED"/,
      ),
    }),
  },
  voidSwipe: {
    token: 'manager',
    async query() {
      const swipeId = await swiped(tokens.reader, await newDiner(5000), [1]);
      return `mutation { voidSwipe(swipeId: "${swipeId}", reason: "认错人") { __typename } }`;
    },
    record: () => ({
      elderId,
      facilityId: town.canteenIds[0],
      details: expect.stringMatching(/"reason":"\*\*\*".*"voided":false.*"voided":true/),
    }),
  },
  correctSwipe: {
    token: 'manager',
    async query() {
      const swipeId = await swiped(tokens.reader, await newDiner(5000), [1]);
      await freezeEarlier(swipeId);
      return `mutation { correctSwipe(swipeId: "${swipeId}", reason: "认错人") { __typename } }`;
    },
    record: () => ({
      elderId,
      facilityId: town.canteenIds[0],
      details: expect.stringMatching(/"reason":"\*\*\*".*"voided":false.*"voided":true/),
    }),
  },
  decideReview: {
    token: 'manager',
    async query() {
      const swipeId = await swiped(tokens.reader, await newDiner(), [6], true);
      return `mutation { decideReview(requestId: "${randomUUID()}", swipeId: "${swipeId}", bornBy: FUNDER, funderCode: "BUREAU", note: "老人说吃过") { __typename } }`;
    },
    record: () => ({
      elderId,
      facilityId: town.canteenIds[0],
      details: expect.stringMatching(/"note":"\*\*\*".*"bornBy":null.*"bornBy":"FUNDER"/),
    }),
  },
  explainGap: {
    token: 'manager',
    async query() {
      readerId = await newReader();
      const uid = await newDiner();
      await server.database.write(async (manager) => {
        for (const sequence of [1, 5]) {
          await manager.query(
            `INSERT INTO swipe (id, swipeId, readerId, canteenId, sequence, cardUid, swipedAt, receivedAt, grossFen,
                                mode, offline, outcome, mealDate, subsidyFen, discountFen, selfPaidFen)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1200, 'DINE_IN', 0, 'CARD_UNKNOWN', '2026-03-10', 0, 0, 0)`,
            [
              await server.services.ids.take(1),
              randomUUID(),
              readerId,
              town.canteenIds[0],
              sequence,
              uid,
              noon.getTime(),
              noon.getTime(),
            ],
          );
        }
      });
      return `mutation { explainGap(readerId: "${readerId}", fromSequence: 2, toSequence: 4, reason: "机器重置") { __typename } }`;
    },
    record: () => ({
      subject: `account:${readerId}`,
      facilityId: town.canteenIds[0],
      details: expect.stringMatching(/"reason":"\*\*\*".*"after":\{"from":2,"to":4\}/),
    }),
  },
};

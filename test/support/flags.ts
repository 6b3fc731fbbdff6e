import { expect } from 'vitest';
import type { Finding } from '../../src/meals/flags/flag-findings.rules.js';
import { storeFlags } from '../../src/meals/flags/store-flags.js';
import type { Database } from '../../src/shared/database.js';
import type { Case } from './audited-mutations.js';
import { overlookRecords, server, tokens, town } from './audited-server.js';
import { noon, today } from './town.js';

let subjects = 0;

/** A sign of fraud that a scan of today found, about the swipe where one is named. */
export async function addFlag(
  database: Database,
  { canteenId, swipeId, ...given }: Partial<Finding> & { canteenId: number; swipeId?: string },
): Promise<number> {
  subjects += 1;
  const subject = `elder:${subjects}:canteen:${canteenId}`;
  return database.write(async (manager) => {
    const swipes: { id: number | string; elderId: number | null; readerId: number }[] = await manager.query(
      'SELECT id, elderId, readerId FROM swipe WHERE swipeId = ?',
      [swipeId ?? ''],
    );
    const finding: Finding = {
      rule: 'DURING_STAY',
      subject,
      canteenId,
      elderId: swipes[0]?.elderId ?? null,
      readerId: swipes[0]?.readerId ?? null,
      measured: 1,
      threshold: 1,
      swipeIds: swipes.map(({ id }) => Number(id)),
      ...given,
    };
    await storeFlags(manager, [finding], { day: today, now: noon });
    const rows: { id: number }[] = await manager.query('SELECT id FROM fraud_flag WHERE subject = ?', [
      finding.subject,
    ]);
    return rows[0]?.id ?? 0;
  });
}

/** How the queries about signs of fraud are asked about a place of a walk. */
export const flagQueries = {
  fraudFlags: ({ facilityId }: { facilityId: number }) => `(within: ${facilityId})`,
  fraudFlag: ({ flagId }: { flagId: number }) => `(id: ${flagId})`,
  flagThresholds: () => '',
};

export const flagMutations = {
  takeFraudFlag: ({ flagId }: { flagId: number }) => `(id: ${flagId})`,
  releaseFraudFlag: ({ flagId }: { flagId: number }) => `(id: ${flagId})`,
  decideFraudFlag: ({ flagId }: { flagId: number }) => `(id: ${flagId}, decision: HARMLESS, note: "seen")`,
  setFlagThreshold: () => `(name: OUTSIDE_COUNT, value: 4, fromDay: "${today}")`,
};

let flagId = 0;
const newFlag = async () => {
  flagId = await addFlag(server.database, { canteenId: town.canteenIds[0] });
  return flagId;
};
// At the place above the canteen, which is not to learn of it.
const about = () => ({ facilityId: town.streetId, subject: `flag:${flagId}` });

/** A call of each mutation about signs of fraud that is done, and the record that it leaves. */
export const succeedingOfFlags: Record<string, Case> = {
  takeFraudFlag: {
    token: 'manager',
    query: async () => `mutation { takeFraudFlag(id: ${await newFlag()}) { __typename } }`,
    record: () => ({ ...about(), details: expect.stringMatching(/"state":"OPEN".*"state":"IN_WORK"/) }),
  },
  releaseFraudFlag: {
    token: 'manager',
    async query() {
      await server.post(
        `mutation { takeFraudFlag(id: ${await newFlag()}) { __typename } }`,
        {},
        tokens.manager,
      );
      await overlookRecords();
      return `mutation { releaseFraudFlag(id: ${flagId}, note: "等照片") { __typename } }`;
    },
    record: () => ({ ...about(), details: expect.stringMatching(/"state":"IN_WORK".*"state":"OPEN"/) }),
  },
  decideFraudFlag: {
    token: 'manager',
    query: async () =>
      `mutation { decideFraudFlag(id: ${await newFlag()}, decision: CONFIRMED, note: "老人不在") { __typename } }`,
    record: () => ({
      ...about(),
      details: expect.stringMatching(/"note":"\*\*\*".*"state":"OPEN".*"state":"CONFIRMED"/),
    }),
  },
  setFlagThreshold: {
    token: 'admin',
    query: () =>
      `mutation { setFlagThreshold(name: OUTSIDE_COUNT, value: 4, fromDay: "${today}") { __typename } }`,
    record: () => ({
      subject: 'threshold:OUTSIDE_COUNT',
      details: expect.stringMatching(/"value":3,"fromDay":"2000-01-01".*"value":4/),
    }),
  },
};

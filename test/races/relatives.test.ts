import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { withdrawRelative } from '../../src/access/change-relative.js';
import { letRelativeIn } from '../../src/access/let-relative-in.js';
import { isRefusal } from '../../src/shared/refusal.js';
import { expectAuditClean } from '../support/audited.js';
import {
  addRelative,
  changeRights,
  inAYear,
  keepMessages,
  newPhone,
  type Person,
  relativesSeen,
  withdraw,
} from '../support/families.js';
import { startTestServer, type TestServer } from '../support/test-server.js';
import { noon, today } from '../support/town.js';
import { buildTwoCounties, type TwoCounties } from '../support/two-counties.js';

let server: TestServer;
let town: TwoCounties;
let staff: string;
let first: () => Promise<Person>;
beforeAll(async () => {
  server = await startTestServer({ at: noon, settings: { triesPerAddress: 100_000 } });
  town = await buildTwoCounties(server.database);
  const kept = keepMessages(server);
  staff = (await server.account('STAFF', town.streetId)).token;
  first = () => addRelative({ server, town, kept, staff }, ['MONEY'], { mayLetIn: true });
});
afterAll(async () => {
  await expectAuditClean(server.database);
  await server.close();
});

const agreed = { how: 'IN_PERSON' as const, consentVersion: '2026-1' };

/** Long enough for a request to come to the lock of the elder and to wait for it. */
const untilItWaits = () => sleep(300);

it('whoever was let in while the withdrawal of the first relative waited goes with it', async () => {
  const { grantId, elderId } = await first();
  const [relative] = await relativesSeen(server, staff, elderId);
  expect(relative?.id).toBe(grantId);
  const grant = { role: 'FAMILY', id: Number(grantId), facilityId: null, elderId } as const;
  const caller = {
    accountId: town.managerId,
    name: '',
    revoked: false,
    grants: [{ ...grant, untilAt: null, showsIdentities: false }],
  };
  let withdrawal: Promise<unknown> | undefined;
  await server.database.write(async (manager) => {
    const asker = { caller, now: new Date(), today };
    await manager.query('UPDATE elder SET name = name WHERE id = ?', [elderId]);
    withdrawal ??= withdraw(server, staff, grantId);
    await untilItWaits();
    const wanted = { ...agreed, elderId, phone: newPhone(), name: '王芳', mayLetIn: false, rights: [] };
    const scope = { places: [], elderIds: [elderId] };
    const untilAt = new Date(inAYear.getTime() - 1000);
    const letIn = await letRelativeIn(manager, { ...wanted, untilAt }, scope, asker);
    expect(isRefusal(letIn)).toBe(false);
  });
  await withdrawal;
  expect(await relativesSeen(server, staff, elderId)).toEqual([]);
});

it('whoever was withdrawn while a change waited stays so', async () => {
  const { grantId, elderId } = await first();
  let change: Promise<unknown> | undefined;
  await server.database.write(async (manager) => {
    await manager.query('UPDATE elder SET name = name WHERE id = ?', [elderId]);
    change ??= changeRights(server, staff, { grantId, rights: [] });
    await untilItWaits();
    const asker = { caller: { accountId: town.managerId, name: '', revoked: false, grants: [] }, today };
    const now = new Date();
    await withdrawRelative(manager, { grantId: Number(grantId), how: 'IN_PERSON' }, 'everywhere', {
      ...asker,
      now,
    });
  });
  expect(await change).toMatchObject({ code: 'RELATIVE_UNKNOWN' });
  expect(await relativesSeen(server, staff, elderId)).toEqual([]);
});

import { registerElder } from '../../src/elders/register-elder.js';
import { issueCard } from '../../src/meals/issue-card.js';
import { replaceCard } from '../../src/meals/replace-card.js';
import { reportCardLost } from '../../src/meals/report-card-lost.js';
import type { SwipeIntake } from '../../src/meals/swipe-intake.js';
import { voidSwipe } from '../../src/meals/void-swipe.js';
import { isRefusal } from '../../src/shared/refusal.js';
import { expectAuditClean } from './audited.js';
import { intakeOf, tap } from './taps.js';
import { openTestDatabase, type TestDatabase } from './test-database.js';
import { startTestServer, type TestServer } from './test-server.js';
import { buildTown, noon, type Town, today, topUp } from './town.js';
import { newIdNumber, newUid } from './two-counties.js';

export const name = '欧阳锦绣';
export const phone = '13800001234';
export const address = '南阳市卧龙区梅溪路1号';

/** One server and town for all tests of a file, and a new person for each; the bindings are set by the functions below. */
export let open: TestDatabase;
export let town: Town;
export let server: TestServer;
export let intake: SwipeIntake;
export let admin: string;
export let person: Person;
/** What the server has written to its log. */
export const logged: string[] = [];

export async function startElderFiles(): Promise<void> {
  open = await openTestDatabase();
  town = await buildTown(open.database);
  intake = intakeOf(town);
  const logSink = { write: (line: string) => logged.push(line) };
  server = await startTestServer({
    on: open,
    at: noon,
    settings: { elderRetentionDays: 30, logLevel: 'info' },
    logSink,
  });
  admin = await server.adminToken();
}

/** Finds nothing wrong in what was written, and closes everything. */
export async function closeElderFiles(): Promise<void> {
  await expectAuditClean(open.database);
  await server.close();
  await open.drop();
}

interface Person {
  elderId: number;
  idNumber: string;
  uids: string[];
  /** Why a swipe was voided: free text, in which the person is named. */
  reason: string;
}

/** With two cards, 97 yuan, a meal that was voided and one that was not, and a tap from before the first card. */
export async function newElderFile(): Promise<void> {
  const idNumber = newIdNumber('1948-05-06');
  const uids = [newUid(), newUid()] as const;
  const reason = `${name} ${idNumber} 要求`;
  const [oldUid, newUidText] = uids;
  await intake.record(tap(town, { cardUid: oldUid }));
  const elderId = await open.database.write(async (manager) => {
    const elder = await registerElder(
      manager,
      {
        name,
        idNumber,
        phone,
        address,
        homeStationId: town.stationId,
        categories: ['LIVING_ALONE'],
        abilityLevel: 2,
        abilityExpiresOn: '2027-01-01',
      },
      'everywhere',
      today,
    );
    if (isRefusal(elder)) throw new Error(elder.refused);
    await issueCard(manager, { elderId: elder.id, uid: oldUid }, 'everywhere', today);
    return elder.id;
  });
  await topUp(town, oldUid, 10_000);
  const voided = tap(town, { cardUid: oldUid });
  await intake.record(voided);
  const postingId = await town.ids.take(1);
  await open.database.write((manager) =>
    voidSwipe(
      manager,
      { swipeId: voided.command.swipeId, reason, byId: town.managerId, now: noon, postingId },
      'everywhere',
    ),
  );
  await intake.record(tap(town, { cardUid: oldUid }));
  await open.database.write(async (manager) => {
    await reportCardLost(manager, oldUid, 'everywhere', noon);
    const requestId = crypto.randomUUID();
    await replaceCard(
      manager,
      { requestId, cardUid: oldUid, newCardUid: newUidText, now: noon },
      'everywhere',
    );
  });
  person = { elderId, idNumber, uids: [...uids], reason };
}

const erasing = `mutation ($id: ID!) { eraseElder(elderId: $id) {
  __typename
  ... on Elder { id name idNumber phone address birthDate abilityLevel categories status card { uid } }
  ... on ElderRefusal { code field }
} }`;

export async function erase(id: number | string = person.elderId, token = admin) {
  const { body } = await server.post<{ eraseElder: object }>(erasing, { id: String(id) }, token);
  return body.errors?.[0]?.extensions.code ?? body.data.eraseElder;
}

export async function exported(id: number | string = person.elderId, token = admin) {
  const query = 'query ($id: ID!) { exportElder(elderId: $id) { elderId exportedAt json } }';
  const { body } = await server.post<{
    exportElder: { elderId: string; exportedAt: string; json: string } | null;
  }>(query, { id: String(id) }, token);
  return body.errors?.[0]?.extensions.code ?? body.data.exportElder;
}

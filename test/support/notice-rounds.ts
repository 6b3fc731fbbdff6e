import { openDatabase } from '../../ormconfig.js';
import type { Message, SendsMessages } from '../../src/access/messages.js';
import { type SendingNotices, sendNotices } from '../../src/access/notices/send-notices.js';
import { type Notice, queueNotice } from '../../src/elders/notices/queue-notice.js';
import { authenticatedName } from '../../src/elders/sealed-fields.js';
import type { Database } from '../../src/shared/database.js';
import { cipherOf } from '../../src/shared/database-cipher.js';
import { addResident } from './beds.js';
import { keepMessages, letIn, newPhone } from './families.js';
import { openTestDatabase, type TestDatabase } from './test-database.js';
import { testKeys } from './test-keys.js';
import { startTestServer, type TestServer } from './test-server.js';
import { buildTown, noon, type Town } from './town.js';

/** One server and town for all tests of a file, and a receiver of messages for each; the functions below set the bindings. */
let open: TestDatabase;
export let server: TestServer;
export let town: Town;
export let staff: string;
/** The same database, as another server sees it. */
export let second: Database;
export let receiver: Receiver;
/** What came of each attempt since the test began, in order. */
export let outcomes: string[];

export async function startNotices(): Promise<void> {
  open = await openTestDatabase();
  server = await startTestServer({ at: noon, on: open });
  keepMessages(server);
  town = await buildTown(server.database);
  staff = await server.managerToken(town.countyId);
  ({ database: second } = await openDatabase(open.url, { identityKeys: testKeys }));
}

export function newReceiver(): void {
  receiver = new Receiver();
  outcomes = [];
}

/** What one test leaves waiting is none of the next one's business. */
export async function sendWhatWaits(): Promise<void> {
  await round(24 * 31, { messages: new Receiver() });
}

export async function closeNotices(): Promise<void> {
  await second.close();
  await server.close();
  await open.drop();
}

const hour = 3_600_000;
export const at = (hours: number) => new Date(noon.getTime() + hours * hour);
export const offerOf = (elderId: number, more: Partial<Notice> = {}): Notice => ({
  ...{ kind: 'BED_OFFERED', elderId, happensAt: at(72), staleAt: at(72), now: noon },
  ...more,
});
export const queue = (notice: Notice) => server.database.write((manager) => queueNotice(manager, notice));

/** A receiver that does as it is told, attempt by attempt; then it takes everything. */
class Receiver implements SendsMessages {
  readonly taken: Message[] = [];
  readonly tried: string[] = [];
  does: ('TAKEN' | 'REFUSED' | 'FAILS')[] = [];

  send(): void {
    throw new Error('notices are delivered, not sent blindly');
  }

  async deliver(message: Message): Promise<'TAKEN' | 'REFUSED'> {
    this.tried.push(message.id);
    const answer = this.does.shift() ?? 'TAKEN';
    if (answer === 'FAILS') throw new Error('the receiver is broken');
    if (answer === 'TAKEN') this.taken.push(message);
    return answer;
  }

  async settledWithin(): Promise<void> {
    // Nothing is on its way between two calls.
  }
}

export function round(hours: number, more: Partial<SendingNotices> = {}, database = server.database) {
  return sendNotices(database, {
    ...{ messages: receiver, language: 'zh', attemptsPerRound: 100, now: at(hours), rightsAt: new Date() },
    ...{ onOutcome: (outcome: string) => outcomes.push(outcome), onFailure: () => outcomes.push('failed') },
    ...more,
  });
}

export async function relative(elderId: number, rights: readonly ('BOOKING' | 'HEALTH' | 'MONEY')[]) {
  const phone = newPhone();
  const { id } = await letIn(server, staff, { elderId, phone, rights });
  return { phone, grantId: id };
}
export const phonesTold = () => receiver.taken.map(({ phone }) => phone).sort();

/** The file of an elder with a phone that is nobody else's. */
export async function elderWithPhone() {
  const elderId = await addResident(town);
  const phone = newPhone();
  const sealed = await sealedPhone(phone);
  await server.database.write((manager) =>
    manager.query('UPDATE elder SET phoneSealed = ? WHERE id = ?', [sealed, elderId]),
  );
  return { elderId, phone };
}

async function sealedPhone(phone: string): Promise<string> {
  return server.database.read(async (manager) =>
    cipherOf(manager).encrypt(authenticatedName('phone'), phone),
  );
}

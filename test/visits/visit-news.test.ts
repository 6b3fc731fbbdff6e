import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Role } from '../../entities/access/access-grant.entity.js';
import { announceVisit, type ChangedVisit } from '../../src/visits/visit-news.js';
import { type ListeningServer, startListeningServer } from '../support/listening-server.js';
import { LiveClient } from '../support/live-client.js';
import { addDiner, noon } from '../support/town.js';
import { buildTwoCounties, type TwoCounties } from '../support/two-counties.js';
import { addCaregiver, addServices, addVisit } from '../support/visits.js';

let server: ListeningServer;
let town: TwoCounties;
let serviceId: number;
/** Two caregivers of the station, each with an account, and an elder who is registered there. */
let one: { caregiverId: number; token: string };
let other: { caregiverId: number; token: string };
let elderId: number;
let visitId: number;
let clients: LiveClient[] = [];

beforeAll(async () => {
  server = await startListeningServer({ at: noon, settings: { liveWaitingMax: 5 } });
  town = await buildTwoCounties(server.database);
  serviceId = (await addServices(server.database)).serviceId;
  one = await caregiver();
  other = await caregiver();
});
beforeEach(async () => {
  elderId = (await addDiner(town, { homeStationId: town.stationId })).elderId;
  visitId = await visit([one.caregiverId]);
});
afterEach(async () => {
  for (const client of clients.splice(0)) await client.close();
  clients = [];
});
afterAll(() => server.close());

async function caregiver() {
  const { accountId, token } = await server.account('CAREGIVER', town.stationId);
  const caregiverId = await addCaregiver(server.database, { stationId: town.stationId, accountId });
  return { caregiverId, token };
}

let hour = 0;
function visit(caregiverIds: number[], stationId = town.stationId): Promise<number> {
  hour += 2;
  const from = new Date(noon.getTime() + hour * 3_600_000).toISOString();
  return addVisit(server.database, { elderId, serviceId, stationId, caregiverIds, from });
}

async function relative(rights: string): Promise<{ token: string; accountId: number }> {
  const { token, accountId } = await server.account('FAMILY', null, '女儿', elderId);
  await server.database.write((manager) =>
    manager.query('UPDATE access_grant SET familyRights = ? WHERE accountId = ?', [rights, accountId]),
  );
  return { token, accountId };
}

const tokenOf = async (role: Role, facilityId: number) => (await server.account(role, facilityId)).token;

/** What a change of the visit concerns, as whoever changes it knows. */
const concerned = (more: Partial<ChangedVisit> = {}): ChangedVisit => ({
  visitId,
  version: 2,
  stationIds: [town.stationId],
  elderId,
  caregiverIds: [one.caregiverId],
  ...more,
});

const change = (more: Partial<ChangedVisit> = {}) =>
  server.database.write(async (manager) => announceVisit(manager, concerned(more)));

interface Told {
  kind: string;
  visitId: string | null;
  version: number | null;
  visit: { id: string; status: string } | null;
}

const fields = '{ kind visitId version visit { id status } }';
const resync = { kind: 'RESYNC', visitId: null, version: null, visit: null };
const changed = (version = 2, status = 'ASSIGNED') => ({
  kind: 'CHANGED',
  visitId: String(visitId),
  version,
  visit: { id: String(visitId), status },
});

async function begin(token: string, arguments_ = '', selected = fields) {
  const client = await LiveClient.connect(server.origin, { token });
  clients.push(client);
  const id = client.subscribe(`subscription { visitChanged${arguments_} ${selected} }`);
  const next = async () => (await client.answer<{ visitChanged: Told }>(id)).data?.visitChanged;
  return { client, id, next };
}

/** Somebody who listens and was told to read. */
async function listening(token: string, arguments_ = '') {
  const listener = await begin(token, arguments_);
  expect(await listener.next()).toEqual(resync);
  return listener;
}

async function codeOf(token: string, arguments_: string) {
  const { client, id } = await begin(token, arguments_);
  return (await client.refusal(id))[0]?.extensions.code;
}

describe('a change is told', () => {
  it('to the station, to the elder’s relatives and to the caregiver, as it is by then', async () => {
    const listeners = [
      await listening(await tokenOf('MANAGER', town.countyId), `(stationId: ${town.stationId})`),
      await listening(await tokenOf('STAFF', town.stationId), `(stationId: ${town.stationId})`),
      await listening(await tokenOf('AUDITOR', town.countyId), `(elderId: ${elderId})`),
      await listening((await relative('BOOKING')).token, `(elderId: ${elderId})`),
      await listening(one.token),
    ];
    await server.database.write(async (manager) => {
      await manager.query("UPDATE visit SET status = 'IN_PROGRESS', checkedInAt = ? WHERE id = ?", [
        noon.getTime(),
        visitId,
      ]);
      announceVisit(manager, concerned());
    });
    for (const { next } of listeners) expect(await next()).toEqual(changed(2, 'IN_PROGRESS'));
  });

  it('with everything that its edges show, and refuses those that they refuse', async () => {
    const selected = '{ visit { elder { name } station { id } caregiver { name } selfPaidFen } }';
    const { client, id } = await begin(one.token, '', selected);
    expect(await client.answer(id)).toEqual({ data: { visitChanged: { visit: null } } });
    await change();
    const { data, errors } = await client.answer(id);
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['FORBIDDEN']);
    expect(data).toEqual({ visitChanged: { visit: null } });
    // A field that is refused does not end what may be heard.
    await change();
    expect(await client.answer(id)).toHaveProperty('data.visitChanged');
  });

  it('never when it was rolled back, and in its order', async () => {
    const { next } = await listening(one.token);
    const failing = server.database.write(async (manager) => {
      announceVisit(manager, concerned({ version: 98 }));
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    for (const version of [3, 4, 5]) {
      await change({ version });
      expect(await next()).toEqual(changed(version));
    }
  });

  it('as one resync to who reads too slowly', async () => {
    const { next } = await listening(one.token);
    const visits: number[] = [];
    for (let more = 0; more < 10; more += 1) visits.push(await visit([one.caregiverId]));
    await server.database.write(async (manager) => {
      for (const id of visits) announceVisit(manager, concerned({ visitId: id }));
    });
    // The first may be on its way by then.
    const first = await next();
    expect(first?.kind === 'RESYNC' || (await next())?.kind === 'RESYNC').toBe(true);
  });

  it('to nobody else', async () => {
    const stranger = await listening(other.token);
    const beside = await listening(
      await tokenOf('MANAGER', town.otherCountyId),
      `(stationId: ${town.otherStationId})`,
    );
    await change();
    for (const { client, id } of [stranger, beside]) expect(await client.silent(id, 200)).toBe(true);
  });
});

describe('a visit that went to somebody else', () => {
  it('is gone for the caregiver who had it, and there for the one who has it', async () => {
    const [had, has] = [await listening(one.token), await listening(other.token)];
    await server.database.write(async (manager) => {
      await manager.query('UPDATE visit_caregiver SET caregiverId = ? WHERE visitId = ?', [
        other.caregiverId,
        visitId,
      ]);
      announceVisit(manager, concerned({ caregiverIds: [one.caregiverId, other.caregiverId] }));
    });
    expect(await had.next()).toEqual({ kind: 'GONE', visitId: String(visitId), version: 2, visit: null });
    expect(await has.next()).toEqual(changed());
  });

  it('of another station says nothing to who sees the elder by place, and everything to a relative', async () => {
    const theirs = await visit([], town.otherStationId);
    const manager = await listening(await tokenOf('MANAGER', town.countyId), `(elderId: ${elderId})`);
    const daughter = await listening((await relative('BOOKING')).token, `(elderId: ${elderId})`);
    await change({ visitId: theirs, stationIds: [town.otherStationId], caregiverIds: [] });
    await change();
    expect((await daughter.next())?.visitId).toBe(String(theirs));
    expect(await daughter.next()).toEqual(changed());
    expect(await manager.next()).toEqual(changed());
  });
});

describe('nobody listens', () => {
  it('at a foreign or unknown station, or of a foreign or unknown elder', async () => {
    const manager = await tokenOf('MANAGER', town.otherCountyId);
    const admin = await server.adminToken();
    const family = (await relative('BOOKING')).token;
    for (const [token, arguments_] of [
      [manager, `(stationId: ${town.stationId})`],
      [manager, `(elderId: ${elderId})`],
      [manager, '(stationId: 999999)'],
      [manager, '(stationId: "x")'],
      [manager, '(elderId: 0)'],
      [admin, '(stationId: 999999)'],
      [admin, '(elderId: 999999)'],
      [family, `(stationId: ${town.stationId})`],
      [family, `(elderId: ${elderId + 1})`],
      [one.token, `(stationId: ${town.stationId})`],
      [one.token, `(elderId: ${elderId})`],
    ] as const) {
      expect([arguments_, await codeOf(token, arguments_)]).toEqual([arguments_, 'FORBIDDEN']);
    }
  });

  it('without the right BOOKING', async () => {
    for (const rights of ['', 'MONEY', 'HEALTH MONEY']) {
      expect(await codeOf((await relative(rights)).token, `(elderId: ${elderId})`)).toBe('FORBIDDEN');
    }
  });

  it('to both or to neither, but for a caregiver', async () => {
    const manager = await tokenOf('MANAGER', town.countyId);
    expect(await codeOf(manager, '')).toBe('BAD_USER_INPUT');
    expect(await codeOf(manager, `(stationId: ${town.stationId}, elderId: ${elderId})`)).toBe(
      'BAD_USER_INPUT',
    );
    const explicit = await listening(one.token, '(stationId: null, elderId: null)');
    await change();
    expect(await explicit.next()).toEqual(changed());
  });
});

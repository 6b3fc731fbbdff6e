import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { expectAuditClean } from './audited.js';
import { addBeds, addHome, addResident } from './beds.js';
import { startTestServer, type TestServer } from './test-server.js';
import { buildTown, countRows, noon, type Town } from './town.js';

/** One server with two nursing homes for all tests of a file; the bindings are set by startBedCalls. */
export let server: TestServer;
export let town: Town;
export let home: number;
export let otherHome: number;
/** The token of the manager who calls. */
export let manager: string;

export async function startBedCalls(): Promise<void> {
  server = await startTestServer({ at: noon });
  town = await buildTown(server.database);
  home = await addHome(town);
  otherHome = await addHome(town);
  manager = await server.managerToken(town.countyId);
}

/** Finds nothing wrong in what was written, and closes the server. */
export async function closeBedCalls(): Promise<void> {
  await expectAuditClean(server.database);
  await server.close();
}

interface Told {
  __typename: string;
  id?: string;
  code?: string;
  field?: string[] | null;
  message?: string;
  [name: string]: unknown;
}
const answer = '{ __typename ... on BedRefusal { code message field } ... on BedStay { id from to state } }';

export async function tell(operation: string, selection = answer): Promise<Told> {
  const { body } = await server.post<Record<string, Told>>(
    `mutation { ${operation} ${selection} }`,
    {},
    manager,
  );
  expect(body.errors).toBeUndefined();
  return Object.values(body.data)[0] as Told;
}

const tables = [
  'bed_stay',
  'bed_hold',
  'stay_leave',
  'bed_request',
  'stay_transfer',
  'stay_charge',
  'bed_out_of_service',
  'bed',
  'room',
];
const rows = async () => {
  const counts: number[] = [];
  for (const table of tables) counts.push(await countRows(server, table));
  return counts;
};

/** The refusal, which writes nothing. */
export async function refused(
  operation: string,
  code: string,
  field: string[] | null,
  selection = answer,
): Promise<string> {
  const before = await rows();
  const told = await tell(operation, selection);
  expect(told).toMatchObject({ code, field });
  expect(await rows()).toEqual(before);
  return told.message ?? '';
}

export const uuid = () => `requestId: "${randomUUID()}"`;
export const hold = (
  bed: number,
  elder: number,
  from = '2026-03-10',
  expiresAt = '2026-03-12T12:00:00+08:00',
  request = uuid(),
) => `holdBed(${request}, bedId: ${bed}, elderId: ${elder}, from: "${from}", expiresAt: "${expiresAt}")`;
export const admit = (bed: number, elder: number, from = '2026-03-10', more = '', request = uuid()) =>
  `admit(${request}, bedId: ${bed}, elderId: ${elder}, from: "${from}"${more})`;
export const move = (stay: string, bed: number, on: string) =>
  `transferStay(${uuid()}, stayId: ${stay}, bedId: ${bed}, on: "${on}")`;
export const leave = (stay: string, on: string, more = '') =>
  `startLeave(stayId: ${stay}, on: "${on}"${more})`;
export const back = (stay: string, on: string) => `endLeave(stayId: ${stay}, on: "${on}")`;
export const end = (stay: string, on: string, reason = 'HOME', more = '') =>
  `discharge(stayId: ${stay}, on: "${on}", reason: "${reason}"${more})`;

export async function done(operation: string): Promise<string> {
  const told = await tell(operation);
  expect(told).toMatchObject({ __typename: 'BedStay' });
  return String(told.id);
}

export async function newBed(wish: Parameters<typeof addBeds>[2][number] = {}): Promise<number> {
  return (await addBeds(town, home, [wish]))[0] as number;
}

/** An elder in a bed since a day. */
export async function resident(from = '2026-03-01'): Promise<{ bed: number; elder: number; stay: string }> {
  const bed = await newBed();
  const elder = await addResident(town);
  return { bed, elder, stay: await done(admit(bed, elder, from)) };
}

/** The room in which a bed of the first home stands. */
export async function roomOf(bed: number): Promise<string | undefined> {
  const { body } = await server.post<{ facility: { beds: { nodes: { id: string; roomId: string }[] } } }>(
    `{ facility(id: ${home}) { beds(first: 200) { nodes { id roomId } } } }`,
    {},
    manager,
  );
  return body.data.facility.beds.nodes.find(({ id }) => Number(id) === bed)?.roomId;
}

import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import type { AuditRow } from '../../src/audit-log/audit-record.js';
import { canteenSettlement } from '../../src/meals/canteen-settlement.js';
import { answerDispute, disputeLine } from '../../src/settlement/disputes.js';
import type { Acting } from '../../src/settlement/find-person.js';
import { moveStatement } from '../../src/settlement/move-statement.js';
import { type StatementEventName, transitionOf } from '../../src/settlement/statement.rules.js';
import { isRefusal } from '../../src/shared/refusal.js';
import { intakeOf, tap } from './taps.js';
import type { TestServer } from './test-server.js';
import { addDiner } from './town.js';
import type { TwoCounties } from './two-counties.js';

interface Surroundings {
  server: TestServer;
  town: TwoCounties;
}

interface StatementCase {
  token: 'staff';
  query(): Promise<string>;
  record(): Partial<AuditRow>;
}

const events = {
  submitStatement: 'SUBMIT',
  returnStatement: 'RETURN',
  reviewStatement: 'REVIEW',
  sendBackStatement: 'SEND_BACK',
  signStatement: 'SIGN',
  payStatement: 'PAY',
  freezeStatement: 'FREEZE',
} as const satisfies Record<string, StatementEventName>;

/** By which events a statement comes to the state in which an event is taken. */
const before: Readonly<Record<StatementEventName, readonly StatementEventName[]>> = {
  SUBMIT: [],
  RETURN: ['SUBMIT'],
  REVIEW: ['SUBMIT'],
  SEND_BACK: ['SUBMIT', 'REVIEW'],
  SIGN: ['SUBMIT', 'REVIEW'],
  PAY: ['SUBMIT', 'REVIEW', 'SIGN'],
  FREEZE: ['SUBMIT', 'REVIEW', 'SIGN', 'PAY'],
};

let months = 0;

/** A month that no other case has; the canteen had no meals then, so months may come in any order. */
function newMonth(): string {
  months += 1;
  return `${2000 + months}-01`;
}

/** A call of each mutation about statements that is done, and the record that it leaves. */
export function statementCases(
  here: () => Surroundings,
  signIn: (token: string) => void,
): Record<string, StatementCase> {
  const steps = Object.entries(events).map(([mutation, event]): [string, StatementCase] => [
    mutation,
    {
      token: 'staff',
      async query() {
        const month = newMonth();
        for (const earlier of before[event]) await move(here(), month, earlier);
        signIn(await tokenFor(here(), event));
        const note = transitionOf(event).note === null ? '' : ', note: "P-1"';
        const { canteenIds } = here().town;
        return `mutation { ${mutation}(canteenId: ${canteenIds[1]}, month: "${month}"${note}) { __typename } }`;
      },
      record: () => ({
        facilityId: here().town.canteenIds[1],
        subject: event === 'SUBMIT' ? expect.stringMatching(/^statement:/) : expect.any(String),
        details: expect.stringContaining(`"state":"${transitionOf(event).to}"`),
      }),
    },
  ]);
  return { ...Object.fromEntries(steps), ...disputeCases(here, signIn) };
}

function disputeCases(
  here: () => Surroundings,
  signIn: (token: string) => void,
): Record<string, StatementCase> {
  const record = () => ({
    facilityId: here().town.canteenIds[1],
    details: expect.not.stringContaining('照片'),
  });
  const disputed = async (answered: boolean): Promise<string> => {
    const { month, lineId } = await submittedLine(here());
    const { server, town } = here();
    const [, facilityId] = town.canteenIds;
    const now = new Date('2030-01-01T12:00:00+08:00');
    const common = { facilityId, month, disputeId: await town.ids.take(1), now, words: '照片' };
    const street = { accountId: town.managerId, grants: [{ role: 'MANAGER', facilityId: town.streetId }] };
    const canteen = { accountId: town.readerIds[0], grants: [{ role: 'MANAGER', facilityId }] };
    await server.database.write(async (manager) => {
      const raised = { ...common, lineId, acting: street };
      mustBeDone(await disputeLine(manager, canteenSettlement, raised, 'everywhere'));
      if (!answered) return;
      mustBeDone(
        await answerDispute(manager, canteenSettlement, { ...common, acting: canteen }, 'everywhere'),
      );
    });
    return String(common.disputeId);
  };
  return {
    disputeLine: {
      token: 'staff',
      async query() {
        const { month, lineId } = await submittedLine(here());
        const { server, town } = here();
        signIn(await server.managerToken(town.streetId));
        return `mutation { disputeLine(canteenId: ${town.canteenIds[1]}, month: "${month}", lineId: "${lineId}", reason: "照片") { __typename } }`;
      },
      record,
    },
    answerDispute: {
      token: 'staff',
      async query() {
        const disputeId = await disputed(false);
        signIn(await here().server.managerToken(here().town.canteenIds[1]));
        return `mutation { answerDispute(disputeId: "${disputeId}", answer: "照片") { __typename } }`;
      },
      record,
    },
    decideDispute: {
      token: 'staff',
      async query() {
        const disputeId = await disputed(true);
        signIn(await here().server.managerToken(here().town.streetId));
        return `mutation { decideDispute(disputeId: "${disputeId}", decision: UPHELD, reason: "照片") { __typename } }`;
      },
      record,
    },
  };
}

function mustBeDone(result: object): void {
  if (isRefusal(result)) throw new Error(JSON.stringify(result));
}

/** An account that holds the first office of an event. */
async function tokenFor({ server, town }: Surroundings, event: StatementEventName): Promise<string> {
  const [office] = transitionOf(event).by;
  const place = {
    FACILITY: town.canteenIds[1],
    STREET: town.streetId,
    COUNTY: town.countyId,
    CITY: town.cityId,
  };
  if (!office) throw new Error(`nobody may ${event}`);
  const role = office.role === 'FINANCE' ? 'FINANCE' : 'MANAGER';
  return (await server.account(role, place[office.level])).token;
}

let movers = 0;

async function move({ server, town }: Surroundings, month: string, event: StatementEventName): Promise<void> {
  const place = {
    FACILITY: town.canteenIds[1],
    STREET: town.streetId,
    COUNTY: town.countyId,
    CITY: town.cityId,
  };
  const grants = transitionOf(event).by.map(({ role, level }) => ({ role, facilityId: place[level] }));
  movers += 1;
  // One of the town's accounts submits, and two others take the later steps by turns.
  const accountId = event === 'SUBMIT' ? town.managerId : (town.readerIds[movers % 2] ?? null);
  const acting: Acting = { accountId, grants };
  const now = new Date('2031-01-01T12:00:00+08:00');
  const request = { facilityId: town.canteenIds[1], month, event, acting, note: 'P-1', now };
  mustBeDone(
    await server.database.write((manager) =>
      moveStatement(manager, canteenSettlement, request, 'everywhere'),
    ),
  );
}

let years = 2026;

/** A lunch at the second canteen in a month of its own that is submitted. */
async function submittedLine(here: Surroundings): Promise<{ month: string; lineId: number }> {
  const { server, town } = here;
  const { uid } = await addDiner(town, { balanceFen: 5000 });
  years += 1;
  const swipedAt = new Date(`${years}-03-10T12:00:00+08:00`);
  const request = tap(town, { cardUid: uid, swipedAt, swipeId: randomUUID() }, { canteen: 1 });
  await intakeOf(town, { clock: { now: () => swipedAt } }).record(request);
  const month = `${years}-03`;
  await moveLate(here, month);
  const rows: { postingId: number | string }[] = await server.database.read((manager) =>
    manager.query('SELECT MAX(postingId) AS postingId FROM statement_line', []),
  );
  return { month, lineId: Number(rows[0]?.postingId) };
}

/** Submits by an account that nobody else of the case uses. */
async function moveLate({ server, town }: Surroundings, month: string): Promise<void> {
  const [, facilityId] = town.canteenIds;
  const acting = { accountId: null, grants: [{ role: 'OPERATOR', facilityId: null }] };
  const now = new Date('2090-01-01T12:00:00+08:00');
  const request = { facilityId, month, event: 'SUBMIT' as const, acting, now };
  mustBeDone(
    await server.database.write((manager) =>
      moveStatement(manager, canteenSettlement, request, 'everywhere'),
    ),
  );
}

import { type ExecutionResult, type GraphQLSchema, graphql } from 'graphql';
import { buildYinlingSchema } from '../../schema/build-schema.js';
import { Context, type Services } from '../../schema/context.js';
import type { Caller, CallerGrant } from '../../src/access/caller.js';
import { AuditNotes } from '../../src/audit-log/audit-notes.js';
import { instantOn } from '../../src/shared/china-time.js';
import { systemClock } from '../../src/shared/clock.js';
import type { Database } from '../../src/shared/database.js';
import { IdBlocks } from '../../src/shared/ids.js';
import { today } from './small-network.js';

let schema: GraphQLSchema | undefined;

/** The whole graph behind its guard: which parts of it are there must not depend on what other tests have loaded. */
export async function networkSchema(): Promise<GraphQLSchema> {
  schema ??= await buildYinlingSchema();
  return schema;
}

export function callerWith(...grants: [role: CallerGrant['role'], facilityId: number | null][]): Caller {
  return {
    accountId: 1,
    name: 'Test',
    grants: grants.map(([role, facilityId], index) => ({
      id: index + 1,
      role,
      facilityId,
      elderId: null,
      showsIdentities: false,
      untilAt: null,
    })),
    revoked: false,
  };
}

export const administrator = callerWith(['ADMIN', null]);

/** Asks the graph in a request of its own, at noon of the tests' day. */
export async function ask(
  database: Database,
  source: string,
  variableValues: Record<string, unknown> = {},
  caller: Caller | undefined = administrator,
): Promise<ExecutionResult> {
  // No swipes are handed in beneath the network.
  const ids = new IdBlocks(database, 10);
  const auditNotes = new AuditNotes({ database, ids, clock: systemClock });
  const clock = { now: () => instantOn(today, 12 * 60) };
  const services: Partial<Services> = { database, clock, ids, auditNotes };
  const contextValue = new Context(services as Services, caller, 'en');
  return graphql({ schema: await networkSchema(), source, variableValues, contextValue });
}

/** The data of an answer without errors, as plain objects. */
export function dataOf<Data = Record<string, unknown>>(answer: ExecutionResult): Data {
  if (answer.errors) throw new Error(answer.errors.map(({ message }) => message).join('; '));
  return JSON.parse(JSON.stringify(answer.data)) as Data;
}

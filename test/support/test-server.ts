import type { FastifyInstance } from 'fastify';
import { buildYinlingSchema } from '../../schema/build-schema.js';
import type { Services } from '../../schema/context.js';
import type { ResolverClass } from '../../schema/resolvers.js';
import type { NewAccount, OpenedAccount } from '../../src/access/open-account.js';
import { openAccount } from '../../src/access/open-account.js';
import { readSettings, type Settings } from '../../src/config/settings.js';
import { buildApp } from '../../src/server/app.js';
import { Lifecycle } from '../../src/server/lifecycle.js';
import { Metrics } from '../../src/server/metrics.js';
import type { LogSink } from '../../src/server/request-log.js';
import { createServices } from '../../src/server/services.js';
import { SettableClock } from '../../src/shared/clock.js';
import type { Database } from '../../src/shared/database.js';
import { takeSchema } from './pooled-schemas.js';
import { openTestDatabase, type TestDatabase } from './test-database.js';

export interface TestServerOptions {
  /** Settings that differ from the defaults. */
  settings?: Partial<Settings>;
  /** What the clock shows, standing still; the real time without it. */
  at?: Date;
  /** Resolver classes to serve beside those of the platform. */
  resolvers?: readonly ResolverClass[];
  logSink?: LogSink;
  /** A database to serve that outlives the server; one of its own without it. */
  on?: TestDatabase;
}

/** A GraphQL answer over HTTP; `Data` is what the query asks for. */
export interface Answer<Data> {
  status: number;
  body: { data: Data; errors?: AnswerError[] };
  headers: Record<string, unknown>;
}

export interface AnswerError {
  message: string;
  path?: (string | number)[];
  extensions: Record<string, unknown>;
}

export interface TestServer {
  app: FastifyInstance;
  database: Database;
  services: Services;
  clock: SettableClock;
  settings: Settings;
  lifecycle: Lifecycle;
  /** Sends one operation. Texts come in English unless the headers say otherwise. */
  post<Data = unknown>(
    query: string,
    variables?: Record<string, unknown>,
    token?: string,
    headers?: Record<string, string>,
  ): Promise<Answer<Data>>;
  /** A new account that has held its role since 1970, whatever the clocks show. */
  account(
    role: NewAccount['role'],
    facilityId?: number | null,
    name?: string,
    elderId?: number,
  ): Promise<OpenedAccount>;
  /** The tokens of such accounts. */
  adminToken(): Promise<string>;
  managerToken(facilityId: number): Promise<string>;
  readerToken(canteenId: number): Promise<string>;
  close(): Promise<void>;
}

/** What tests sign access tokens with, whatever the NODE_ENV that they play. */
const testSessionKeys = `test:${'k'.repeat(43)}`;

/** The settings of a test: the defaults, no log, and nothing from the environment of the test run. */
export function testSettings(settings: Partial<Settings> = {}): Settings {
  const environment = { NODE_ENV: 'test', LOG_LEVEL: 'silent', SESSION_KEYS: testSessionKeys };
  return { ...readSettings(environment), ...settings };
}

/** The whole server on a database of its own, answering without a port. */
export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const settings = testSettings(options.settings);
  const opened = options.on ?? (await openTestDatabase());
  const { database } = opened;
  const clock = new SettableClock();
  if (options.at) clock.set(options.at, 0);
  const metrics = new Metrics();
  const services = createServices({ settings, database, clock, metrics });
  const lifecycle = new Lifecycle();
  const { schema, giveBack } = options.resolvers
    ? { schema: await buildYinlingSchema(options.resolvers), giveBack: () => undefined }
    : await takeSchema();
  const app = await buildApp({
    settings,
    services,
    metrics,
    lifecycle,
    schema,
    ...(options.logSink ? { logSink: options.logSink } : {}),
  });
  const account: TestServer['account'] = (
    role,
    facilityId = null,
    name = '测试账户',
    elderId = undefined,
  ) => {
    const opened = {
      name,
      role,
      facilityId,
      now: new Date(0),
      ...(elderId === undefined ? {} : { elderId }),
    };
    return database.write((manager) => openAccount(manager, opened));
  };
  return {
    app,
    database,
    services,
    clock,
    settings,
    lifecycle,
    post: (...sent) => post(app, ...sent),
    account,
    adminToken: async () => (await account('ADMIN')).token,
    managerToken: async (facilityId) => (await account('MANAGER', facilityId)).token,
    readerToken: async (canteenId) => (await account('READER', canteenId)).token,
    async close() {
      await app.close();
      await services.planner.close();
      await services.intake.settled();
      giveBack();
      if (!options.on) await opened.drop();
    },
  };
}

async function post<Data>(
  app: FastifyInstance,
  query: string,
  variables: Record<string, unknown> = {},
  token?: string,
  headers: Record<string, string> = {},
): Promise<Answer<Data>> {
  const response = await app.inject({
    method: 'POST',
    url: '/graphql',
    headers: {
      'accept-language': 'en',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...headers,
    },
    payload: { query, variables },
  });
  return { status: response.statusCode, body: response.json(), headers: response.headers };
}

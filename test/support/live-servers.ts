import { type ListeningServer, startListeningServer } from './listening-server.js';
import { LiveClient } from './live-client.js';
import { openTestDatabase, type TestDatabase } from './test-database.js';
import type { TestServerOptions } from './test-server.js';
import { noon } from './town.js';
import { buildTwoCounties, type TwoCounties } from './two-counties.js';

/** What the tests of connections listen to, as it is asked for. */
export const day = 'subscription Day($id: ID!) { canteenDayChanged(canteenId: $id) { meals } }';

/** Servers on one database, each with settings of its own, and what they log. */
export class LiveServers {
  logged: string[] = [];
  private on: TestDatabase | undefined;
  private built: TwoCounties | undefined;
  private servers: ListeningServer[] = [];

  get town(): TwoCounties {
    if (!this.built) throw new Error('the servers have no database yet');
    return this.built;
  }

  async open(): Promise<void> {
    this.on = await openTestDatabase();
    this.built = await buildTwoCounties(this.on.database);
  }

  readonly listening = async (settings: TestServerOptions['settings'] = {}): Promise<ListeningServer> => {
    if (!this.on) throw new Error('the servers have no database yet');
    const logSink = { write: (line: string) => this.logged.push(line) };
    const wanted = { logLevel: 'info' as const, ...settings };
    const server = await startListeningServer({ at: noon, on: this.on, settings: wanted, logSink });
    this.servers.push(server);
    return server;
  };

  /** An administrator's connection. */
  readonly listener = async (server: ListeningServer): Promise<LiveClient> =>
    LiveClient.connect(server.origin, { token: await server.adminToken() });

  readonly canteen = () => ({ id: this.town.canteenIds[0] });

  /** Leaves the servers to the test, which closes them itself. */
  forget(): void {
    this.servers = [];
  }

  async closeServers(): Promise<void> {
    for (const server of this.servers.splice(0)) await server.close();
    this.logged = [];
  }

  async drop(): Promise<void> {
    await this.on?.drop();
  }
}

export async function metric(server: ListeningServer, series: string): Promise<number> {
  const { body } = await server.app.inject({ url: '/metrics' });
  const line = body.split('\n').find((text) => text.startsWith(`${series} `));
  return Number(line?.slice(series.length + 1) ?? 0);
}

/** With which code the connection ended. */
export const codeOf = async (client: LiveClient) => (await client.closed).code;

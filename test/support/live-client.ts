import { once } from 'node:events';
import { vi } from 'vitest';
import { WebSocket } from 'ws';

/** What comes over a connection, as graphql-transport-ws writes it. */
export interface LiveMessage {
  type: string;
  id?: string;
  payload?: unknown;
}

/** One answer to a subscription. */
export interface LiveAnswer<Data = Record<string, unknown>> {
  data?: Data | null;
  errors?: { message: string; extensions: Record<string, unknown> }[];
}

export interface LiveClientOptions {
  token?: string | undefined;
  /** What is said at the beginning; the token and English without it. */
  params?: unknown;
  headers?: Record<string, string>;
  protocol?: string;
  path?: string;
}

/** How long anything may take that a test waits for, in milliseconds. */
const patienceMs = 40_000;

/** Waits until a check holds: on a busy machine that may take a while. */
export function eventually<Result>(check: () => Result | Promise<Result>): Promise<Result> {
  return vi.waitFor(check, { timeout: patienceMs, interval: 50 });
}

/** A client written apart from the server's library, so that a test sees every message and every code. */
export class LiveClient {
  readonly messages: LiveMessage[] = [];
  readonly closed: Promise<{ code: number; reason: string }>;
  private wake: (() => void)[] = [];
  private ids = 0;

  private constructor(readonly socket: WebSocket) {
    socket.on('message', (data) => {
      this.messages.push(JSON.parse(String(data)) as LiveMessage);
      for (const wake of this.wake.splice(0)) wake();
    });
    // What goes wrong on the way is seen by how the connection ends.
    socket.on('error', () => undefined);
    this.closed = new Promise((resolve) => {
      socket.on('close', (code, reason) => resolve({ code, reason: String(reason) }));
    });
  }

  /** A connection on which nothing was said yet. */
  static async open(origin: string, options: LiveClientOptions = {}): Promise<LiveClient> {
    const { headers = {}, protocol = 'graphql-transport-ws', path = '/graphql' } = options;
    const socket = new WebSocket(`${origin.replace('http', 'ws')}${path}`, protocol, { headers });
    const client = new LiveClient(socket);
    await once(socket, 'open');
    return client;
  }

  /** A connection that was let in. */
  static async connect(origin: string, options: LiveClientOptions = {}): Promise<LiveClient> {
    const client = await LiveClient.open(origin, options);
    client.begin(options);
    await client.take(({ type }) => type === 'connection_ack');
    return client;
  }

  begin({ token, params }: LiveClientOptions = {}): void {
    const said = params ?? { authorization: `Bearer ${token}`, 'accept-language': 'en' };
    this.send({ type: 'connection_init', payload: said });
  }

  send(message: unknown): void {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  /** Begins to listen; the answers are taken by `answer`. */
  subscribe(query: string, variables: Record<string, unknown> = {}, id = `s${++this.ids}`): string {
    this.send({ type: 'subscribe', id, payload: { query, variables } });
    return id;
  }

  unsubscribe(id: string): void {
    this.send({ type: 'complete', id });
  }

  /** The next answer to a subscription. */
  async answer<Data = Record<string, unknown>>(id: string): Promise<LiveAnswer<Data>> {
    const { payload } = await this.take((message) => message.type === 'next' && message.id === id);
    return payload as LiveAnswer<Data>;
  }

  /** The errors with which a subscription was refused. */
  async refusal(id: string): Promise<{ message: string; extensions: Record<string, unknown> }[]> {
    const { payload } = await this.take((message) => message.type === 'error' && message.id === id);
    return payload as { message: string; extensions: Record<string, unknown> }[];
  }

  /** Waits for a message and takes it out. */
  async take(fits: (message: LiveMessage) => boolean, withinMs = patienceMs): Promise<LiveMessage> {
    const untilMs = Date.now() + withinMs;
    for (;;) {
      const index = this.messages.findIndex(fits);
      const [message] = index < 0 ? [] : this.messages.splice(index, 1);
      if (message) return message;
      if (Date.now() >= untilMs || this.socket.readyState === WebSocket.CLOSED) {
        throw new Error(`no such message came, but ${JSON.stringify(this.messages).slice(0, 2000)}`);
      }
      await this.something(untilMs - Date.now());
    }
  }

  /** True when nothing more comes for this subscription within so many milliseconds. */
  async silent(id: string, ms: number): Promise<boolean> {
    await new Promise((resolve) => setTimeout(resolve, ms));
    return !this.messages.some((message) => message.id === id);
  }

  async close(): Promise<void> {
    this.socket.close(1000);
    await this.closed;
  }

  private async something(withinMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, withinMs);
    });
    const came = new Promise<void>((resolve) => this.wake.push(resolve));
    await Promise.race([late, came, this.closed]);
    clearTimeout(timer);
  }
}

/** What the server answers to a request for a WebSocket that it does not grant. */
export async function refusedUpgrade(
  origin: string,
  { headers = {}, protocol = 'graphql-transport-ws', path = '/graphql' }: LiveClientOptions = {},
): Promise<{ status: number; code: unknown; headers: Record<string, unknown> }> {
  const socket = new WebSocket(`${origin.replace('http', 'ws')}${path}`, protocol, { headers });
  socket.on('error', () => undefined);
  return new Promise((resolve, reject) => {
    socket.on('open', () => reject(new Error('the connection was granted')));
    socket.on('unexpected-response', (_request, response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => {
        text += part;
      });
      response.on('end', () => {
        const { errors } = JSON.parse(text) as { errors: { extensions: { code: unknown } }[] };
        const status = response.statusCode ?? 0;
        resolve({ status, code: errors[0]?.extensions.code, headers: response.headers });
      });
    });
  });
}

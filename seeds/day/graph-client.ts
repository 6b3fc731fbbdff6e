import { errors, Pool } from 'undici';

/** The server did not answer: it is down, or it went down before its answer was complete. */
export class ServerUnreachable extends Error {}

/** The answer is an error of GraphQL's: the caller may not, or asked for what there is not. */
export class GraphRefused extends Error {
  constructor(
    message: string,
    /** `extensions.code`. */
    readonly code: string,
  ) {
    super(message);
  }
}

/** Speaks to the public HTTP API as a reader or a manager does. */
export class GraphClient {
  private readonly pool: Pool;
  private readonly path: string;

  constructor(graphqlUrl: string, connections: number) {
    const url = new URL(graphqlUrl);
    this.path = url.pathname;
    this.pool = new Pool(url.origin, { connections, headersTimeout: 60_000, bodyTimeout: 60_000 });
  }

  /**
   * @throws ServerUnreachable when there was no complete answer, so that nobody knows whether it was done
   * @throws GraphRefused with the first message when the answer is an error of GraphQL's
   */
  async ask<Data>(query: string, variables: object, token?: string): Promise<Data> {
    const { status, text } = await this.post(JSON.stringify({ query, variables }), token);
    if (status >= 500) throw new ServerUnreachable(`HTTP ${status}`);
    const answer = JSON.parse(text) as { data?: Data | null; errors?: GraphError[] };
    const [error] = answer.errors ?? [];
    // As when the database is away: nobody knows what was done, so it is sent again.
    if (error?.extensions?.code === 'INTERNAL_SERVER_ERROR') throw new ServerUnreachable(error.message);
    if (error) throw new GraphRefused(error.message, error.extensions?.code ?? '');
    if (!answer.data) throw new Error(`HTTP ${status} without data`);
    return answer.data;
  }

  /** A file that the server makes; whatever it answers instead is an error. */
  async download(path: string, token: string): Promise<Buffer> {
    const headers = { authorization: `Bearer ${token}` };
    const { statusCode, body } = await this.pool.request({ method: 'GET', path, headers });
    const bytes = Buffer.from(await body.arrayBuffer());
    if (statusCode !== 200) throw new GraphRefused(`HTTP ${statusCode} for ${path}`, String(statusCode));
    return bytes;
  }

  /** Does not wait for what is still under way, which after an interruption nobody waits for either. */
  close(): Promise<void> {
    return this.pool.destroy();
  }

  private async post(body: string, token?: string): Promise<{ status: number; text: string }> {
    const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const headers = { 'content-type': 'application/json', ...authorization };
    try {
      const response = await this.pool.request({ method: 'POST', path: this.path, headers, body });
      return { status: response.statusCode, text: await response.body.text() };
    } catch (error) {
      if (isNetworkFailure(error)) throw new ServerUnreachable((error as Error).message);
      throw error;
    }
  }
}

interface GraphError {
  message: string;
  extensions?: { code?: string };
}

function isNetworkFailure(error: unknown): boolean {
  const { code } = error as { code?: string };
  return error instanceof errors.UndiciError || /^E[A-Z]+$/.test(code ?? '');
}

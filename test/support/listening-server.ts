import { connect } from 'node:net';
import { startTestServer, type TestServer, type TestServerOptions } from './test-server.js';

export interface ListeningServer extends TestServer {
  port: number;
  origin: string;
  /** Sends bytes on a connection of its own, and gives everything that comes back until it is closed. */
  raw(...pieces: (string | { waitMs: number })[]): Promise<string>;
}

/** The whole server on a port of this machine, for what only a real connection shows. */
export async function startListeningServer(options: TestServerOptions = {}): Promise<ListeningServer> {
  const server = await startTestServer(options);
  const origin = await server.app.listen({ host: '127.0.0.1', port: 0 });
  const port = Number(new URL(origin).port);
  return { ...server, port, origin, raw: (...pieces) => exchange(port, pieces) };
}

function exchange(port: number, pieces: (string | { waitMs: number })[]): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    let received = '';
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => {
      received += text;
    });
    // A connection that the server has let go of may end in a reset while we still write.
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(received));
    void (async () => {
      for (const piece of pieces) {
        if (typeof piece === 'string') socket.write(piece);
        else await new Promise((wake) => setTimeout(wake, piece.waitMs));
      }
    })();
  });
}

import { connect, type Socket } from 'node:net';

/**
 * One kept-alive HTTP/1.1 connection with one request under way at a time, and nothing that a load does not
 * need: the generator shares its machine with the server that it measures, and what it spends, the server lacks.
 */
export class HttpConnection {
  private readonly socket: Socket;
  private received: Buffer[] = [];
  private receivedLength = 0;
  /** Bytes of the whole answer, once its header is here. */
  private expected = Number.POSITIVE_INFINITY;
  private bodyStart = 0;
  /** Whether nothing can be sent over it any more. */
  closed = false;
  private waiting: { resolve(body: string): void; reject(error: Error): void } | undefined;

  constructor(
    { hostname, port }: URL,
    private readonly host = `${hostname}:${port}`,
  ) {
    this.socket = connect({ host: hostname, port: Number(port), noDelay: true });
    this.socket.on('data', (chunk) => this.receive(chunk));
    this.socket.on('error', (error) => this.fail(error));
    this.socket.on('close', () => {
      this.closed = true;
      this.fail(new Error('the server closed the connection'));
    });
  }

  /** Resolves to the body of the answer, whatever its status. */
  get(path: string): Promise<string> {
    return this.send(`GET ${path} HTTP/1.1\r\nhost: ${this.host}\r\n\r\n`);
  }

  /** Posts JSON and resolves to the body of the answer, whatever its status. */
  post(path: string, token: string, body: string): Promise<string> {
    return this.send(
      `POST ${path} HTTP/1.1\r\nhost: ${this.host}\r\ncontent-type: application/json\r\n` +
        `authorization: Bearer ${token}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
  }

  close(): void {
    this.waiting = undefined;
    this.socket.destroy();
  }

  private send(request: string): Promise<string> {
    return new Promise((resolve, reject) => {
      if (this.closed) return reject(new Error('the connection was closed before it was used'));
      this.waiting = { resolve, reject };
      this.socket.write(request);
    });
  }

  private receive(chunk: Buffer): void {
    this.received.push(chunk);
    this.receivedLength += chunk.length;
    if (this.expected === Number.POSITIVE_INFINITY) this.readHeader();
    if (this.receivedLength < this.expected) return;
    const answer = this.received.length === 1 ? chunk : Buffer.concat(this.received);
    const { waiting } = this;
    const body = answer.toString('utf8', this.bodyStart, this.expected);
    this.received = [];
    this.receivedLength = 0;
    this.expected = Number.POSITIVE_INFINITY;
    this.waiting = undefined;
    waiting?.resolve(body);
  }

  private readHeader(): void {
    const text = Buffer.concat(this.received).toString('latin1');
    const end = text.indexOf('\r\n\r\n');
    if (end < 0) return;
    const length = /\r\ncontent-length: (\d+)/i.exec(text.slice(0, end + 2))?.[1];
    if (length === undefined) this.fail(new Error('an answer without content-length'));
    this.bodyStart = end + 4;
    this.expected = this.bodyStart + Number(length ?? 0);
  }

  private fail(error: Error): void {
    const { waiting } = this;
    this.waiting = undefined;
    waiting?.reject(error);
  }
}

import { connect, createServer, type Server, type Socket } from 'node:net';

/**
 * PLUGGED lets everything through, UNPLUGGED nothing at all; DEAF takes what is sent and passes nothing on; MUTE
 * passes it on and loses the answers.
 */
export type Cable = 'PLUGGED' | 'UNPLUGGED' | 'DEAF' | 'MUTE';

/** A network between a reader and a server that a test pulls the plug of. */
export class NetworkCable {
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();
  private state: Cable = 'PLUGGED';
  /** How many bytes went to the server while it was MUTE. */
  mutedBytes = 0;
  private holdsFrom: string | undefined;
  private held: (() => void)[] | undefined;

  constructor(private readonly targetPort: number) {
    this.server = createServer((near) => this.join(near));
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    const address = this.server.address();
    if (typeof address !== 'object' || !address) throw new Error('there is no port');
    return `http://127.0.0.1:${address.port}/graphql`;
  }

  /** Connections that are open follow, except that pulling the plug ends them. */
  set(state: Cable): void {
    this.state = state;
    if (state === 'UNPLUGGED') for (const socket of this.sockets) socket.destroy();
  }

  /** From a request with this text on, answers wait within the cable until it is let go of. */
  hold(text: string): void {
    this.holdsFrom = text;
  }

  /** Whether such a request has come. */
  get isHolding(): boolean {
    return this.held !== undefined;
  }

  letGo(): void {
    for (const answer of this.held ?? []) answer();
    this.holdsFrom = undefined;
    this.held = undefined;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private join(near: Socket): void {
    this.keep(near);
    if (this.state === 'UNPLUGGED') {
      near.destroy();
      return;
    }
    const far = connect(this.targetPort, '127.0.0.1');
    this.keep(far);
    near.on('data', (bytes) => {
      if (this.state === 'MUTE') this.mutedBytes += bytes.length;
      if (this.holdsFrom !== undefined && bytes.includes(this.holdsFrom)) this.held ??= [];
      if (this.state !== 'DEAF') far.write(bytes);
    });
    far.on('data', (bytes) => {
      if (this.held) this.held.push(() => near.write(bytes));
      else if (this.state === 'PLUGGED') near.write(bytes);
    });
    near.on('close', () => far.destroy());
    far.on('close', () => near.destroy());
  }

  private keep(socket: Socket): void {
    this.sockets.add(socket);
    socket.on('close', () => this.sockets.delete(socket));
    // A plug that is pulled resets what is open; the reader is who has to live with it.
    socket.on('error', () => undefined);
  }
}

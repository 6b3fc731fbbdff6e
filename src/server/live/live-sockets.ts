import { networkOf } from '../../access/network-of.rules.js';
import type { Settings } from '../../config/settings.js';
import { type LiveClosing, liveCodes } from './live-codes.js';
import type { LiveMetrics } from './live-metrics.js';

/** A connection as whoever counts them sees it. */
export interface CountedSocket {
  close(closing: LiveClosing): void;
  /** At once, without a word. */
  terminate(): void;
}

/** A client that was told to go and does not is let go of after so many milliseconds. */
export const farewellMs = 2_000;

/** Counts the connections of one server, and says how many more there may be. */
export class LiveSockets {
  private readonly open = new Set<CountedSocket>();
  private readonly byNetwork = new Map<string, number>();
  private readonly byAccount = new Map<number, number>();
  private empty: (() => void) | undefined;
  private leaving = false;

  constructor(
    private readonly settings: Pick<
      Settings,
      'liveConnectionsMax' | 'liveConnectionsPerAddress' | 'liveConnectionsPerCaller'
    >,
    private readonly metrics: LiveMetrics,
  ) {}

  /** Why no connection of this address is taken now. */
  refusal(address: string): 'leaving' | 'full' | 'address' | undefined {
    if (this.leaving) return 'leaving';
    const { liveConnectionsMax, liveConnectionsPerAddress } = this.settings;
    if (this.open.size >= liveConnectionsMax) return 'full';
    const ofNetwork = this.byNetwork.get(networkOf(address)) ?? 0;
    return ofNetwork >= liveConnectionsPerAddress ? 'address' : undefined;
  }

  add(socket: CountedSocket, address: string): void {
    this.open.add(socket);
    change(this.byNetwork, networkOf(address), 1);
    this.metrics.sockets.set(this.open.size);
  }

  remove(socket: CountedSocket, address: string, accountId: number | undefined): void {
    if (!this.open.delete(socket)) return;
    change(this.byNetwork, networkOf(address), -1);
    if (accountId !== undefined) change(this.byAccount, accountId, -1);
    this.metrics.sockets.set(this.open.size);
    if (this.open.size === 0) this.empty?.();
  }

  /** Counts a connection to its account; false when that has as many as it may. */
  takeAccount(accountId: number): boolean {
    if ((this.byAccount.get(accountId) ?? 0) >= this.settings.liveConnectionsPerCaller) return false;
    change(this.byAccount, accountId, 1);
    return true;
  }

  /** Tells every client that this server leaves, and lets go of those that do not go by themselves. */
  async leave(): Promise<void> {
    this.leaving = true;
    for (const socket of this.open) socket.close(liveCodes.leaving);
    if (this.open.size === 0) return;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.empty = resolve;
      timer = setTimeout(resolve, farewellMs);
    });
    clearTimeout(timer);
    for (const socket of this.open) socket.terminate();
  }
}

function change<Key>(counts: Map<Key, number>, key: Key, by: number): void {
  const count = (counts.get(key) ?? 0) + by;
  if (count > 0) counts.set(key, count);
  else counts.delete(key);
}

import type { Database } from '../shared/database.js';
import {
  addressesMax,
  extended,
  lastOverlap,
  latestAddresses,
  type ReaderTraces,
  type Streak,
  smoothed,
} from './sightings.rules.js';
import { storeTraces } from './stored-traces.js';

/** One request of a reader. */
export interface Sighting {
  readerId: number;
  /** As the server saw it. */
  address: string;
  /** What the reader says it runs. */
  softwareVersion?: string | undefined;
  /** What the reader's clock showed when it sent. */
  readerClock?: Date | undefined;
  at: Date;
}

interface SeenReader extends ReaderTraces {
  addresses: Map<string, Streak>;
  /** Its clock came in a header, which is nearer to the truth than the tap of a card. */
  tellsClock: boolean;
  /** The address of its last request, whose streak that request only prolonged. */
  lastAddress: string;
}

/** How many readers one transaction writes. */
const chunkSize = 500;

/**
 * What this server sees of card readers. A request costs a look into a map; the tables get it at intervals, where
 * it is put together with what other servers saw.
 */
export class ReaderSightings {
  private readonly readers = new Map<number, SeenReader>();
  private readonly unwritten = new Set<number>();

  constructor(private readonly database: Database) {}

  seen({ readerId, address, softwareVersion, readerClock, at }: Sighting): void {
    const atMs = at.getTime();
    const reader = this.readers.get(readerId) ?? newcomer(address, atMs);
    this.readers.set(readerId, reader);
    this.unwritten.add(readerId);
    reader.lastSeenAtMs = atMs;
    if (softwareVersion !== undefined) reader.softwareVersion = softwareVersion;
    if (readerClock) {
      reader.tellsClock = true;
      reader.clockSkewMs = smoothed(reader.clockSkewMs, readerClock.getTime() - atMs);
    }
    reader.addresses.set(address, extended(reader.addresses.get(address), atMs));
    if (address === reader.lastAddress) return;
    reader.lastAddress = address;
    if (reader.addresses.size > addressesMax) reader.addresses = latestAddresses(reader.addresses);
    reader.possiblyClonedAtMs = lastOverlap(reader.addresses) ?? reader.possiblyClonedAtMs;
  }

  /** The tap of a live swipe that was answered at once tells what the reader's clock showed a moment ago. */
  tapped(readerId: number, swipedAt: Date, receivedAt: Date): void {
    const reader = this.readers.get(readerId);
    if (!reader || reader.tellsClock) return;
    reader.clockSkewMs = smoothed(reader.clockSkewMs, swipedAt.getTime() - receivedAt.getTime());
  }

  /** Writes what was seen since the last time. What could not be written is written the next time. */
  async flush(): Promise<void> {
    const readerIds = [...this.unwritten].sort((one, other) => one - other);
    this.unwritten.clear();
    try {
      for (let start = 0; start < readerIds.length; start += chunkSize) {
        const chunk = readerIds.slice(start, start + chunkSize);
        const traces = new Map(chunk.flatMap((id) => entryOf(id, this.readers.get(id))));
        await this.database.write((manager) => storeTraces(manager, traces));
      }
    } catch (error) {
      for (const readerId of readerIds) this.unwritten.add(readerId);
      throw error;
    }
  }
}

function newcomer(address: string, atMs: number): SeenReader {
  return {
    lastSeenAtMs: atMs,
    softwareVersion: null,
    clockSkewMs: null,
    possiblyClonedAtMs: null,
    addresses: new Map(),
    tellsClock: false,
    lastAddress: address,
  };
}

/** A copy, for the requests that come while it is being written change the original. */
function entryOf(readerId: number, reader: SeenReader | undefined): [number, ReaderTraces][] {
  return reader ? [[readerId, { ...reader, addresses: new Map(reader.addresses) }]] : [];
}

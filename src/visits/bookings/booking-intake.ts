import { dayOf } from '../../shared/china-time.js';
import { type Database, type Engine, isHeld, isOutage } from '../../shared/database.js';
import { Gatherer } from '../../shared/gatherer.js';
import { type CatalogReader, readCatalog } from '../station-catalog.js';
import { type BookingAnswer, type BookingRequest, recordBookings } from './record-bookings.js';

export interface BookingIntakeOptions {
  database: Database;
  /** What was read of services and terms lately; read anew for each batch without it. */
  catalogOf?: CatalogReader;
}

/** How many bookings share a transaction at most, and how many transactions may be under way at once. */
const limits: Readonly<Record<Engine, { batchSizeMax: number; batchesMax: number }>> = {
  mysql: { batchSizeMax: 64, batchesMax: 2 },
  // Its writers take turns, and others wait for theirs.
  sqlite: { batchSizeMax: 32, batchesMax: 1 },
};

/** How many bookings wait alone for rows that somebody keeps locked: each takes a connection. */
const heldMax = 4;

/** Somebody kept a row locked that one of a batch needs; nothing was written. */
class Held extends Error {}

/**
 * Takes bookings as they arrive and has them recorded in shared transactions; each is answered after the commit. A
 * series, which asks about months, has a transaction of its own, so that no single visit waits for it. A batch waits once
 * for a row that somebody keeps locked; then each of it goes on alone, and waits for its own rows alone.
 */
export class BookingIntake {
  private readonly singles: Gatherer<BookingRequest, BookingAnswer>;
  private readonly series: Gatherer<BookingRequest, BookingAnswer>;
  private readonly held: Gatherer<BookingRequest, BookingAnswer>;

  constructor(private readonly options: BookingIntakeOptions) {
    const { batchSizeMax, batchesMax } = limits[options.database.engine];
    const record = (requests: BookingRequest[]) => this.recordInRounds(requests);
    this.singles = new Gatherer(record, batchSizeMax, batchesMax);
    this.series = new Gatherer(record, 1, batchesMax);
    this.held = new Gatherer(
      record,
      1,
      Math.max(batchesMax, options.database.engine === 'mysql' ? heldMax : 1),
    );
  }

  book(request: BookingRequest): Promise<BookingAnswer> {
    if (request.wanted.recurrence !== null) return this.series.add(request);
    return this.singles.add(request).catch((error: unknown) => {
      if (error instanceof Held) return this.held.add(request);
      throw error;
    });
  }

  /** Resolves when everything that was taken is written and answered. */
  async settled(): Promise<void> {
    await Promise.all([this.singles.settled(), this.series.settled()]);
    // What they passed on.
    await this.held.settled();
  }

  /** One that repeats a requestId, or comes on another day, is looked at when those before it are written. */
  private async recordInRounds(requests: BookingRequest[]): Promise<(BookingAnswer | Error)[]> {
    const answers = new Map<BookingRequest, BookingAnswer | Error>();
    let open = requests;
    while (open.length > 0) {
      const round = together(open);
      const results = await this.record(round);
      round.forEach((request, index) => void answers.set(request, results[index] as BookingAnswer | Error));
      open = open.filter((request) => !answers.has(request));
    }
    return requests.map((request) => answers.get(request) as BookingAnswer | Error);
  }

  /**
   * Should a batch fail for a reason that no rule foresaw, it is halved until the booking at fault stands alone: that
   * one's caller gets the error. When the database is out of reach all of them get it.
   */
  private async record(requests: BookingRequest[]): Promise<(BookingAnswer | Error)[]> {
    const { database, catalogOf = readCatalog } = this.options;
    try {
      return await database.write((manager) => recordBookings(manager, requests, catalogOf), {
        waitsOnce: requests.length > 1,
      });
    } catch (error) {
      if (requests.length > 1 && isHeld(error)) return requests.map(() => new Held());
      const failure = error instanceof Error ? error : new Error(String(error));
      if (requests.length === 1 || isOutage(error)) return requests.map(() => failure);
      const middle = Math.ceil(requests.length / 2);
      return [
        ...(await this.record(requests.slice(0, middle))),
        ...(await this.record(requests.slice(middle))),
      ];
    }
  }
}

/** Those that one transaction may hold: of one day, each requestId once. */
function together(requests: readonly BookingRequest[]): BookingRequest[] {
  const dayOfRequest = ({ booker }: BookingRequest) => dayOf(booker.now);
  const day = dayOfRequest(requests[0] as BookingRequest);
  const taken = new Set<string>();
  return requests.filter((request) => {
    const { requestId } = request.wanted;
    if (taken.has(requestId) || dayOfRequest(request) !== day) return false;
    taken.add(requestId);
    return true;
  });
}

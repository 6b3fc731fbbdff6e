import type { TravelMode } from '../../entities/visits/home-station.entity.js';
import type { Position } from '../elders/elder-door.js';
import { type TableRequest, tableOf } from './osrm-table.js';
import { straightLines, type TravelTimes } from './travel.js';
import { unknownWaySeconds } from './travel.rules.js';

/** Why a way was not had from the server of ways. */
export type FallbackReason = 'UNREACHABLE' | 'BAD_ANSWER' | 'NO_WAY';

export interface RoadTimesOptions {
  /** Where the server of ways is, such as http://127.0.0.1:5000. */
  address: string;
  /** Told once for each question of which so many ways came from the straight line instead. */
  onFallback?: (reason: FallbackReason, ways: number) => void;
  /** How long one answer may take, in milliseconds. */
  answerMsMax?: number;
  /** Ways that are remembered. */
  rememberedMax?: number;
}

/** Places on each side of one request: together they are what servers take by default. */
const sideMax = 50;

/** Requests under way at once. */
const underWayMax = 4;

/** As the profiles of servers are commonly called. */
const profiles: Readonly<Record<TravelMode, string>> = { WALK: 'foot', CYCLE: 'bike', CAR: 'driving' };

/**
 * Ways from a server that speaks as OSRM's table service does. Whatever it does not know, or does not say in time, is
 * taken from the straight line, so that a plan never waits for it in vain. It is told coordinates and nothing else.
 */
export class RoadTimes implements TravelTimes {
  private readonly remembered = new Map<string, number>();

  constructor(private readonly options: RoadTimesOptions) {}

  async seconds(
    mode: TravelMode,
    from: readonly (Position | null)[],
    to: readonly (Position | null)[],
  ): Promise<number[][]> {
    const starts = distinct(from);
    const ends = distinct(to);
    const asked = requestsFor(starts, ends, (start, end) => this.remembered.has(keyOf(mode, start, end)));
    await this.askAll(mode, asked);
    const straight = await straightLines.seconds(mode, from, to);
    return from.map((start, row) =>
      to.map((end, column) => {
        if (!start || !end) return unknownWaySeconds;
        const isSame = textOf(start) === textOf(end);
        return isSame
          ? 0
          : (this.remembered.get(keyOf(mode, start, end)) ?? (straight[row]?.[column] as number));
      }),
    );
  }

  /** The first request that fails ends them all: a server that is down would be waited for a hundred times. */
  private async askAll(mode: TravelMode, requests: TableRequest[]): Promise<void> {
    const waiting = [...requests];
    let failed: FallbackReason | undefined;
    let missing = 0;
    const work = async () => {
      for (let request = waiting.shift(); request; request = waiting.shift()) {
        const answer = failed ?? (await this.ask(mode, request));
        if (typeof answer === 'string') {
          failed = answer;
          missing += request.from.length * request.to.length;
        } else missing += this.remember(mode, request, answer);
      }
    };
    await Promise.all(Array.from({ length: Math.min(underWayMax, requests.length) }, work));
    if (missing > 0) this.options.onFallback?.(failed ?? 'NO_WAY', missing);
  }

  private async ask(mode: TravelMode, request: TableRequest) {
    const { address, answerMsMax = 5000 } = this.options;
    return tableOf(`${address.replace(/\/+$/, '')}/table/v1/${profiles[mode]}`, request, answerMsMax);
  }

  /** How many ways the server did not know. */
  private remember(mode: TravelMode, { from, to }: TableRequest, table: (number | null)[][]): number {
    let missing = 0;
    const { rememberedMax = 500_000 } = this.options;
    for (const [row, start] of from.entries()) {
      for (const [column, end] of to.entries()) {
        const seconds = table[row]?.[column] ?? null;
        if (seconds === null) missing += 1;
        else this.remembered.set(keyOf(mode, start, end), Math.ceil(seconds));
      }
    }
    // The oldest go first, as they came in first.
    for (const key of this.remembered.keys()) {
      if (this.remembered.size <= rememberedMax) break;
      this.remembered.delete(key);
    }
    return missing;
  }
}

function textOf({ latitudeMicro, longitudeMicro }: Position): string {
  return `${latitudeMicro} ${longitudeMicro}`;
}

function keyOf(mode: TravelMode, from: Position, to: Position): string {
  return `${mode} ${textOf(from)} ${textOf(to)}`;
}

function distinct(places: readonly (Position | null)[]): Position[] {
  return [...new Map(places.flatMap((place) => (place ? [[textOf(place), place] as const] : []))).values()];
}

/** In pieces that a server takes; a piece of which all is remembered is not asked for. */
function requestsFor(
  from: readonly Position[],
  to: readonly Position[],
  isKnown: (from: Position, to: Position) => boolean,
): TableRequest[] {
  const requests: TableRequest[] = [];
  for (const starts of pieces(from)) {
    for (const ends of pieces(to)) {
      const isWanted = starts.some((start) =>
        ends.some((end) => textOf(start) !== textOf(end) && !isKnown(start, end)),
      );
      if (isWanted) requests.push({ from: starts, to: ends });
    }
  }
  return requests;
}

function pieces(places: readonly Position[]): Position[][] {
  const count = Math.ceil(places.length / sideMax);
  return Array.from({ length: count }, (_, index) => places.slice(index * sideMax, (index + 1) * sideMax));
}

import type { BedArrivals } from './bed-arrivals.js';
import { playArrivals } from './bed-arrivals.js';
import type { BedCalls, BoardTold, CountTold } from './bed-calls.js';
import { playLeavings } from './bed-leavings.js';
import type { ServerClock } from './server-clock.js';

/** A step of the day, what it was to come to, and what it came to. */
export interface PlayedStep {
  story: string;
  said: string;
  faults: string[];
}

/** One of the two homes in which the day is played. */
export interface PlayedHome {
  code: string;
  id: string;
  /** Its director's key. */
  token: string;
}

/** Somebody of the county who lives at home and might come. */
export interface Newcomer {
  elderId: string;
  gender: 'FEMALE' | 'MALE';
}

export interface BedGame {
  calls: BedCalls;
  clock: ServerClock;
  /** Full, with a line. */
  first: PlayedHome;
  /** With room. */
  second: PlayedHome;
  /** The key of the county's manager, to whose places the elders belong. */
  county: string;
  day: string;
  /** Finds people of the county, the same ones every time for the same day, and never one of them twice. */
  newcomer(gender?: 'FEMALE' | 'MALE'): Promise<Newcomer>;
  /** Somebody who was never assessed; undefined when everybody was. */
  unassessed(): Promise<Newcomer | undefined>;
}

/** How a home stands: by its board, by its roll-up and by the series of the day. */
export interface HomeFigures {
  board: BoardTold[];
  rollup: CountTold;
  series: CountTold;
}

/** How many came to a home on the day, how many left it, and how many went away for a time and came back. */
export interface Movements {
  came: number;
  left: number;
  wentAway: number;
  cameBack: number;
}

/** An afternoon at two nursing homes: people come, are offered beds, go away, move and leave. */
export class DemoBeds {
  readonly steps: PlayedStep[] = [];
  readonly moved: Record<'first' | 'second', Movements> = {
    first: { came: 0, left: 0, wentAway: 0, cameBack: 0 },
    second: { came: 0, left: 0, wentAway: 0, cameBack: 0 },
  };
  before: Record<'first' | 'second', HomeFigures> | undefined;
  after: Record<'first' | 'second', HomeFigures> | undefined;
  arrivals: BedArrivals | undefined;

  /** What the line said of passing on before the play. */
  private passedOn: boolean | null | undefined;

  constructor(readonly game: BedGame) {}

  async play(): Promise<void> {
    const { clock, day } = this.game;
    await this.keepOffers();
    await clock.setTo(day, 14 * 60);
    this.before = await this.figures();
    this.arrivals = await playArrivals(this);
    await clock.setTo(day, 15 * 60 + 30);
    await playLeavings(this, this.arrivals);
    await clock.setTo(day, 17 * 60);
    this.after = await this.figures();
    await this.giveLineBack();
  }

  /**
   * Has the first home's line leave its beds to the manager meanwhile: else the server might pass on, between two
   * steps, what was just declined, or what lapsed because the clock leapt.
   */
  private async keepOffers(): Promise<void> {
    const { calls, first } = this.game;
    const lines = await calls.ask('waitlistLines', { facilityId: first.id }, first.token);
    const { passesOn = null } = lines.find(({ type }) => type === 'NURSING') ?? {};
    this.passedOn = passesOn;
    await this.setPassesOn(false);
  }

  /** Has the line do as before; nothing where it was never told otherwise. */
  async giveLineBack(): Promise<void> {
    if (this.passedOn === undefined) return;
    await this.setPassesOn(this.passedOn);
    this.passedOn = undefined;
  }

  private async setPassesOn(passesOn: boolean | null): Promise<void> {
    const { calls, first } = this.game;
    const asked = { facilityId: first.id, type: 'NURSING', passesOn };
    const { refused } = await calls.ask('setOffersPassOn', asked, first.token);
    if (refused !== undefined)
      throw new Error(`The line of ${first.code} cannot be told to wait: ${refused}`);
  }

  /** Notes a step that answers with one of these words: a state, or the code of the refusal that was to come. */
  note(story: string, told: { refused?: string; state?: string }, wanted: string): void {
    const said = told.refused ?? told.state ?? 'DONE';
    this.steps.push({ story, said, faults: said === wanted ? [] : [`${said} where ${wanted} was to come`] });
  }

  fault(story: string, fault: string): void {
    this.steps.push({ story, said: 'WRONG', faults: [fault] });
  }

  private async figures(): Promise<Record<'first' | 'second', HomeFigures>> {
    const { first, second } = this.game;
    return { first: await this.figuresOf(first), second: await this.figuresOf(second) };
  }

  private async figuresOf({ id, token }: PlayedHome): Promise<HomeFigures> {
    const { calls, day } = this.game;
    const next = new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10);
    const [series] = await calls.ask('occupancy', { within: id, from: day, to: next }, token);
    if (!series) throw new Error(`the home ${id} has no figures of ${day}`);
    return {
      board: await calls.ask('bedBoard', { facilityId: id, on: day }, token),
      rollup: (await calls.ask('facility', { id, on: day }, token)).rollup.beds,
      series,
    };
  }
}

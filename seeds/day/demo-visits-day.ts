import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Position } from '../../src/elders/elder-door.js';
import { addDays, instantOn } from '../../src/shared/china-time.js';
import { demoElder } from '../elders/demo-elder.js';
import { doorPlace } from '../home-care/places.js';
import type { ServerClock } from './server-clock.js';
import type { Tap, VisitCalls } from './visit-calls.js';
import { serviceOf, tapMinutes, type VisitStory, visitEnds, visitStoryOf } from './visit-plan.js';

/** A visit that was booked for the played day, and what became of it. */
export interface PlayedVisit {
  story: VisitStory;
  bookedBy: 'MANAGER' | 'RELATIVE';
  id: string;
  elderId: string;
  hoursMinutes: number;
  subsidyFen: number;
  selfPaidFen: number;
  startsAt: Date;
  endsAt: Date;
  /** The state in which it ended, as the graph says. */
  said: string;
  faults: string[];
}

/** Tokens of those who book, plan and bring visits of one station. */
export interface VisitPeople {
  station: string;
  county: string;
  family: string;
  /** Of the station's caregivers, by their names at sign-in. */
  caregivers: readonly string[];
}

export interface VisitGame {
  calls: VisitCalls;
  clock: ServerClock;
  people: VisitPeople;
  stationId: string;
  station: Position;
  day: string;
  /** Elders of the station, by the numbers of the demo city. */
  candidates: readonly number[];
  wanted: number;
  /** Lets the relative in to an elder while the work lasts. */
  asRelative<Result>(elderId: string, work: (token: string) => Promise<Result>): Promise<Result>;
  /** Has the server look for visits that nobody began, or waits until it does. */
  untilMissed?: () => Promise<void>;
}

/** How long the server is waited for, which looks for missed visits once a minute. */
const missedSecondsMax = 90;
const planSecondsMax = 30;

/** One day of home visits at a station: booked and planned the evening before, brought, missed or called off. */
export class DemoVisits {
  readonly played: PlayedVisit[] = [];
  /** What the plan came to, in a few words; what was wrong with it, when anything was. */
  planned = '';
  readonly faults: string[] = [];

  constructor(readonly game: VisitGame) {}

  async play(): Promise<void> {
    const { clock, day } = this.game;
    await clock.setTo(addDays(day, -1), 18 * 60);
    await this.book();
    await this.plan();
    await this.callOff();
    await this.carryOut();
    await clock.setTo(day, 23 * 60 + 30);
    await this.seeMissed();
    await this.readEnds();
  }

  private async book(): Promise<void> {
    const { candidates, wanted } = this.game;
    for (const elder of candidates) {
      if (this.played.length === wanted) return;
      const booked = await this.bookFor(elder, visitStoryOf(this.played.length));
      if (booked) this.played.push(booked);
    }
    if (this.played.length === 0) throw new Error('Nobody could be given a visit on the day.');
  }

  /** Undefined for whom no caregiver is free, or who is no longer there. */
  private async bookFor(elder: number, story: VisitStory): Promise<PlayedVisit | undefined> {
    const { calls, people, day } = this.game;
    const found = await calls.elderByCard(people.county, demoElder(elder).cardUid);
    if (found?.status !== 'ACTIVE') return undefined;
    const { id: elderId } = found;
    const bookedBy = this.played.length === 0 ? 'RELATIVE' : 'MANAGER';
    const serviceCode = serviceOf(elder);
    const [from, to] = [8 * 60, 18 * 60].map((minute) => instantOn(day, minute).toISOString());
    const booking = async (token: string) => {
      const slots = await calls.slots(token, { elderId, serviceCode, from: from ?? '', to: to ?? '' });
      // Spread over the day, as families ask for mornings and afternoons.
      const slot = slots[Math.floor((slots.length * (this.played.length % 4)) / 4)];
      if (!slot) return undefined;
      const input = {
        requestId: randomUUID(),
        elderId,
        serviceCode,
        startsAt: slot.startsAt,
        flexMinutes: 30,
      };
      return calls.book(token, input);
    };
    const told =
      bookedBy === 'RELATIVE' ? await this.game.asRelative(elderId, booking) : await booking(people.station);
    if (!told) return undefined;
    if (told.refused !== undefined) {
      this.faults.push(`a free time of elder ${elderId} was refused: ${told.refused}`);
      return undefined;
    }
    return {
      ...{
        story,
        bookedBy,
        id: told.id,
        elderId,
        subsidyFen: told.subsidyFen,
        selfPaidFen: told.selfPaidFen,
      },
      hoursMinutes: told.agreed?.hoursMinutes ?? 0,
      startsAt: new Date(told.startsAt),
      endsAt: new Date(told.endsAt),
      said: told.status,
      faults: [],
    } as const satisfies PlayedVisit;
  }

  /** The day is planned and the plan applied; what families were promised is changed as little as can be. */
  private async plan(): Promise<void> {
    const { calls, people, stationId, day } = this.game;
    const begun = await calls.planDay(people.station, { stationId, date: day });
    if (begun.refused !== undefined) {
      this.faults.push(`the day was not planned: ${begun.refused} ${begun.message}`);
      return;
    }
    const deadline = Date.now() + planSecondsMax * 1000;
    let plan = await calls.plan(people.station, begun.id);
    while (plan?.state === 'RUNNING' && Date.now() < deadline) {
      await sleep(200);
      plan = await calls.plan(people.station, begun.id);
    }
    if (plan?.state !== 'DONE') this.faults.push(`the plan ended as ${plan?.state}`);
    if ((plan?.plannedVisits ?? 0) < this.played.length) {
      this.faults.push(`the plan has ${plan?.plannedVisits} of ${this.played.length} visits`);
    }
    const applied = await calls.applyPlan(people.station, begun.id);
    // Where nothing is to be changed there is nothing to apply.
    this.planned = applied.refused ?? `applied, ${applied.appliedVisits} visits changed`;
    for (const visit of this.played) {
      const now = await calls.visit(people.station, visit.id);
      if (now?.status !== 'ASSIGNED') visit.faults.push(`is ${now?.status} after the plan`);
      if (!now) continue;
      Object.assign(visit, { startsAt: new Date(now.startsAt), endsAt: new Date(now.endsAt) });
    }
  }

  private async callOff(): Promise<void> {
    const { calls, people } = this.game;
    for (const visit of this.played.filter(({ story }) => story === 'CALLED_OFF')) {
      const told = await calls.cancel(people.station, visit.id);
      if (told.refused !== undefined) visit.faults.push(`was not called off: ${told.refused}`);
    }
  }

  /** Everybody works through the own day; what has no network is uploaded in the evening. */
  private async carryOut(): Promise<void> {
    const { calls, clock, people, day } = this.game;
    const byId = new Map(this.played.map((visit) => [visit.id, visit]));
    const taps: (TapToMake & { token: string })[] = [];
    for (const token of people.caregivers) {
      for (const { id } of await calls.ownDay(token, day)) {
        const visit = byId.get(id);
        if (visit) taps.push(...this.tapsOf(visit).map((tap) => ({ ...tap, token })));
      }
    }
    taps.sort((one, other) => one.at.getTime() - other.at.getTime());
    for (const { token, visit, kind, at } of taps.filter(({ visit: { story } }) => story !== 'OFFLINE')) {
      await clock.setTo(day, Math.round((at.getTime() - instantOn(day, 0).getTime()) / 60_000));
      const told = await calls.tap(token, kind, this.tapOf(visit, at));
      if (told.refused !== undefined) visit.faults.push(`tap ${kind}: ${told.refused}`);
    }
    await clock.setTo(day, 19 * 60);
    for (const token of people.caregivers) {
      const own = taps.filter((tap) => tap.token === token && tap.visit.story === 'OFFLINE');
      if (own.length === 0) continue;
      const input = own.map(({ visit, kind, at }) => ({ ...this.tapOf(visit, at), kind }));
      for (const [index, told] of (await calls.upload(token, input)).entries()) {
        if (told.refusal) own[index]?.visit.faults.push(`upload: ${told.refusal.code}`);
      }
    }
  }

  private tapsOf(visit: PlayedVisit): TapToMake[] {
    const minutes = tapMinutes(visit.story);
    if (!minutes) return [];
    const at = (from: Date, minute: number) => new Date(from.getTime() + minute * 60_000);
    return [
      { visit, kind: 'IN', at: at(visit.startsAt, minutes.in) },
      { visit, kind: 'OUT', at: at(visit.endsAt, -minutes.out) },
    ];
  }

  private tapOf({ id, elderId }: PlayedVisit, at: Date): Tap {
    const door = doorPlace(this.game.station, Number(elderId));
    return {
      visitId: id,
      requestId: randomUUID(),
      at: at.toISOString(),
      latitude: door.latitudeMicro / 1e6,
      longitude: door.longitudeMicro / 1e6,
    };
  }

  private async seeMissed(): Promise<void> {
    const { calls, people, untilMissed } = this.game;
    await untilMissed?.();
    const deadline = Date.now() + missedSecondsMax * 1000;
    for (const { id } of this.played.filter(({ story }) => story === 'NO_SHOW')) {
      while ((await calls.visit(people.station, id))?.status === 'ASSIGNED' && Date.now() < deadline) {
        await sleep(1000);
      }
    }
  }

  private async readEnds(): Promise<void> {
    const { calls, people } = this.game;
    for (const visit of this.played) {
      const now = await calls.visit(people.station, visit.id);
      visit.said = now?.status ?? 'GONE';
      if (now) Object.assign(visit, { subsidyFen: now.subsidyFen, selfPaidFen: now.selfPaidFen });
      if (visit.said !== visitEnds[visit.story]) visit.faults.push(`${visit.story} ended as ${visit.said}`);
    }
  }
}

interface TapToMake {
  visit: PlayedVisit;
  kind: 'IN' | 'OUT';
  at: Date;
}

import { randomUUID } from 'node:crypto';
import { admit } from '../../src/beds/admit.js';
import { closeBed, openBed } from '../../src/beds/close-bed.js';
import { cancelAdmission, discharge } from '../../src/beds/discharge.js';
import { endStaysAfterEnd } from '../../src/beds/end-stays-after-end.js';
import { holdBed, releaseHold } from '../../src/beds/hold-bed.js';
import { endLeave, startLeave } from '../../src/beds/leave-stay.js';
import { transferStay } from '../../src/beds/transfer-stay.js';
import { addDays, type Day, instantOn } from '../../src/shared/china-time.js';
import { allBeds } from './beds.js';
import type { Command } from './beds-model.js';
import { noon, type Town, today } from './town.js';

/** Plays the commands of the model on the real thing, and keeps the ids in the order in which rows came to be. */
export class PlayedBeds {
  day = 0;
  readonly holdIds: number[] = [];
  readonly stayIds: number[] = [];
  private readonly requests = new Map<string, Command>();

  constructor(
    private readonly town: Town,
    private readonly bedIds: readonly number[],
    private readonly elderIds: readonly number[],
  ) {}

  get now(): Date {
    return new Date(noon.getTime() + this.day * 86_400_000);
  }

  dayAt(offset: number): Day {
    return addDays(today, this.day + offset);
  }

  async take(command: Command, requestId: string = randomUUID()): Promise<{ outcome: string; id: number }> {
    if (command.does === 'wait') {
      this.day += command.days;
      return { outcome: 'done', id: 0 };
    }
    this.requests.set(requestId, command);
    const id = await this.town.ids.take(1);
    const result = await this.town.database.write((manager) => this.asked(command, requestId, id)(manager));
    if ('refused' in result) return { outcome: String(result.refused), id: 0 };
    this.remember(command, result.id);
    return { outcome: 'done', id: result.id };
  }

  private remember({ does }: Command, id: number): void {
    if (does === 'hold' && !this.holdIds.includes(id)) this.holdIds.push(id);
    if ((does === 'admit' || does === 'transfer') && !this.stayIds.includes(id)) this.stayIds.push(id);
  }

  private asked(command: Exclude<Command, { does: 'wait' }>, requestId: string, id: number) {
    type Work = Parameters<Town['database']['write']>[0];
    type Manager = Parameters<Work>[0];
    const { now } = this;
    const acting = { byId: this.town.managerId, now };
    const bedId = 'bed' in command ? (this.bedIds[command.bed] ?? 0) : 0;
    const elderId = 'elder' in command ? (this.elderIds[command.elder] ?? 0) : 0;
    const stayId = 'stay' in command ? (this.stayIds[command.stay] ?? 0) : 0;
    const on = 'on' in command ? this.dayAt(command.on) : today;
    const afterwards = [endStaysAfterEnd({ now: () => now })];
    return (manager: Manager): Promise<{ id: number } | { refused: string }> => {
      switch (command.does) {
        case 'hold': {
          const from = this.dayAt(command.from);
          const expiresAt = instantOn(this.dayAt(command.lasts), 600);
          return holdBed(manager, { id, requestId, bedId, elderId, from, expiresAt, ...acting }, allBeds);
        }
        case 'release':
          return releaseHold(manager, { id: this.holdIds[command.hold] ?? 0, ...acting }, allBeds);
        case 'admit': {
          const wanted = { id, requestId, bedId, elderId, from: this.dayAt(command.from), holdId: null };
          return admit(manager, { ...wanted, contractSignedOn: null, ...acting }, allBeds);
        }
        case 'transfer':
          return transferStay(manager, { id, requestId, stayId, bedId, on, ...acting }, allBeds);
        case 'leave': {
          const leave = { id, stayId, on, kind: command.kind, expectedBackOn: null };
          return startLeave(manager, { ...leave, ...acting }, allBeds);
        }
        case 'return':
          return endLeave(manager, { stayId, on, ...acting }, allBeds);
        case 'discharge': {
          const reason = command.dies ? 'DEATH' : 'HOME';
          return discharge(manager, { stayId, on, reason, note: null, ...acting }, allBeds, afterwards);
        }
        case 'cancel':
          return cancelAdmission(manager, { stayId, note: null, ...acting }, allBeds);
        case 'close': {
          const to = command.lasts === null ? null : this.dayAt(command.from + command.lasts);
          const wanted = { bedId, from: this.dayAt(command.from), to, reason: 'REPAIR' as const };
          return closeBed(manager, { ...wanted, ...acting }, 'everywhere');
        }
        case 'open':
          return openBed(manager, { bedId, on, ...acting }, 'everywhere');
      }
    };
  }
}

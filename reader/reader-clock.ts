import type { Clock } from '../src/shared/clock.js';
import { anchorAfterRestart, anchorBy, type ClockAnchor, type ClockReading, timeBy } from './clock.rules.js';
import type { Facts } from './facts.js';

export interface MachineClock {
  read(): ClockReading;
}

export function machineClock(wall: Clock): MachineClock {
  return { read: () => ({ wallMs: wall.now().getTime(), monotonicMs: performance.now() }) };
}

/** The server's clock as the reader knows it, over outages, power cuts and a wall clock that somebody sets. */
export class ReaderClock {
  private anchor: ClockAnchor | undefined;
  /** The signed time of a list counts for more than the date of an answer. */
  private heardSigned = false;

  constructor(
    private readonly facts: Facts,
    private readonly machine: MachineClock,
  ) {
    const remembered = facts.get('clock');
    if (remembered) this.anchor = anchorAfterRestart(remembered, machine.read());
  }

  /** True once a list has told the time, until it is lost. */
  get isSigned(): boolean {
    return this.heardSigned && this.nowMs() !== undefined;
  }

  read(): ClockReading {
    return this.machine.read();
  }

  /** Undefined while nobody knows what time it is. */
  nowMs(): number | undefined {
    return this.anchor && timeBy(this.anchor, this.machine.read());
  }

  /** The time that came with an answer: that of a signed list, or the date of any answer where no list says it. */
  hear(serverMs: number, asked: ClockReading, answered: ClockReading, isSigned: boolean): void {
    if (this.isSigned && !isSigned) return;
    this.heardSigned = isSigned;
    this.anchor = anchorBy(serverMs, asked, answered);
    this.remember();
  }

  /** So that after a power cut no clock is believed that shows an earlier time. */
  remember(): void {
    const nowMs = this.nowMs();
    if (nowMs === undefined) return;
    this.facts.set('clock', { offsetMs: nowMs - this.machine.read().wallMs, latestMs: nowMs });
  }
}

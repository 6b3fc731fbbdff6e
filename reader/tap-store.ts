import type { Meal } from '../entities/meals/meal-window.entity.js';
import type { DiningMode, MenuKind, SwipeOutcome } from '../entities/meals/swipe.entity.js';
import type { OwnTap } from '../src/meals/reader-lists/decide-offline.rules.js';
import { Facts } from './facts.js';
import { inTransaction, type StoreFile } from './store.js';
import { mayBeSentAt, needsSecondTap } from './tap-fate.rules.js';
import { TapNumbers } from './tap-numbers.js';

/** The server takes a tap that lies a minute ahead; half of it is left for clocks that differ. */
const aheadMsMax = 30_000;

/** What is known of a tap before it is stored. */
export interface NewTap {
  cardUid: string;
  swipedAtMs: number;
  grossFen: number;
  mode: DiningMode;
  menu: MenuKind;
  offline: boolean;
}

/** What the elder got, as the reader decided or the server answered. */
export interface TakenMeal {
  day: string;
  meal: Meal;
  selfPaidFen: number;
  /** What rules gave, in fen, by their codes. */
  gave?: Record<string, number>;
}

export interface StoredTap extends NewTap {
  sequence: number;
  swipeId: string;
  mealGiven: boolean;
  /** It was sent as a live one, had no answer, and was decided by the reader then. */
  sentLive: boolean;
  shown: boolean;
  /** What was shown, as JSON. */
  result: string | null;
  outcome: SwipeOutcome | null;
}

/** What the display says of a tap, kept before it says so. */
export interface Showing {
  mealGiven: boolean;
  result: string;
  taken?: TakenMeal;
}

export interface ServerAnswer {
  outcome: SwipeOutcome;
  answeredAtMs: number;
  taken?: TakenMeal;
}

type Flag = 'offline' | 'mealGiven' | 'shown' | 'sentLive';
type Row = Omit<StoredTap, Flag> & Record<Flag, number>;

const columns =
  'sequence, swipeId, cardUid, swipedAtMs, grossFen, mode, menu, offline, sentLive, mealGiven, shown, result, outcome';

/** Answers come a moment after the state of the books that they speak of. */
const booksMarginMs = 5_000;

/** The taps of a reader on its disk. Every method that writes returns when what it wrote is there. */
export class TapStore {
  readonly numbers: TapNumbers;

  constructor(
    private readonly file: StoreFile,
    path: string,
    private readonly newId: () => string,
  ) {
    this.numbers = new TapNumbers(new Facts(file), path);
  }

  /** Gives a tap its number and its id and stores it, with what is to be shown of it if that is known. */
  add(tap: NewTap, showing?: Showing): StoredTap {
    const stored = inTransaction(this.file, () => this.insert(tap, showing));
    try {
      this.numbers.note(stored.sequence);
    } catch (error) {
      this.takeBack(stored);
      throw error;
    }
    return stored;
  }

  /**
   * Stores what the display is about to say of a tap. A live one that had no answer is an offline one from now on,
   * if the meal is handed out.
   */
  show(sequence: number, showing: Showing, answer?: ServerAnswer): void {
    inTransaction(this.file, () => {
      this.file
        .prepare('UPDATE tap SET shown = 1, mealGiven = ?, result = ? WHERE sequence = ?')
        .run(Number(showing.mealGiven), showing.result, sequence);
      this.setTaken(sequence, showing.taken ?? answer?.taken);
      if (answer) this.setOutcome(sequence, answer);
      else if (showing.mealGiven)
        this.file
          .prepare(
            'UPDATE tap SET offline = 1, sentLive = 1 WHERE sequence = ? AND offline = 0 AND outcome IS NULL',
          )
          .run(sequence);
    });
  }

  /**
   * Stores the server's answer to a tap that was shown before, or that nobody saw. Where it has to be handed in
   * once more, the second tap is stored in the same transaction, and returned.
   *
   * @param sent as it was sent: a clerk may have handed the meal out meanwhile
   */
  answer(sent: StoredTap, answer: ServerAnswer): StoredTap | undefined {
    const again = inTransaction(this.file, () => {
      const tap = this.bySequence(sent.sequence);
      if (!tap || tap.outcome !== null) return undefined;
      this.setOutcome(tap.sequence, answer);
      if (answer.taken) this.setTaken(tap.sequence, answer.taken);
      if (!needsSecondTap(tap, sent, answer.outcome)) return undefined;
      const second = this.insert({ ...tap, offline: true }, { mealGiven: true, result: tap.result ?? '{}' });
      this.file
        .prepare(
          `UPDATE tap SET (day, meal, selfPaidFen, gave) =
                  (SELECT day, meal, selfPaidFen, gave FROM tap WHERE sequence = ?) WHERE sequence = ?`,
        )
        .run(tap.sequence, second.sequence);
      return second;
    });
    if (again) this.numbers.note(again.sequence);
    return again;
  }

  /** True of a tap that was stored anew because another id was used before. Two such ids in a row are no accident. */
  isAnewOfReused({ cardUid, swipedAtMs, sequence }: StoredTap): boolean {
    const where = `cardUid = ? AND sequence < ? AND swipedAtMs = ? AND outcome = 'SWIPE_ID_REUSED'`;
    return this.select(where, [cardUid, sequence, swipedAtMs]).length > 0;
  }

  /** The server has it as the live tap that it was at first: it is asked for that one's answer. */
  askAsLive(sequence: number): void {
    this.file.prepare('UPDATE tap SET offline = 0, sentLive = 0 WHERE sequence = ?').run(sequence);
  }

  /** The server cannot even read it: it is kept, told of, and holds nothing up. */
  setStuck(sequence: number, reason: string): void {
    this.file.prepare('UPDATE tap SET stuck = ? WHERE sequence = ?').run(reason, sequence);
  }

  /** Another start is another try. */
  freeStuck(): void {
    this.file.prepare('UPDATE tap SET stuck = NULL WHERE outcome IS NULL AND stuck IS NOT NULL').run();
  }

  bySequence(sequence: number): StoredTap | undefined {
    return this.select('sequence = ?', [sequence])[0];
  }

  /** The card's last tap. */
  lastOf(cardUid: string): StoredTap | undefined {
    return this.select('cardUid = ? ORDER BY sequence DESC LIMIT 1', [cardUid])[0];
  }

  /**
   * Taps without an answer that may be sent now, as `mayBeSentAt` says, the oldest first. One that lies ahead was stored
   * while the clock was fast, and is kept until its time has come: sent now, it would be refused for good.
   */
  waiting(nowMs: number, countMax: number, butNot: ReadonlySet<number>): StoredTap[] {
    const heldBackMs = mayBeSentAt({ swipedAtMs: 0, offline: false, mealGiven: false });
    const found = this.select(
      `outcome IS NULL AND stuck IS NULL AND swipedAtMs <= ?
          AND (offline = 1 OR mealGiven = 1 OR swipedAtMs <= ?)
        ORDER BY sequence LIMIT ?`,
      [nowMs + aheadMsMax, nowMs - heldBackMs, countMax + butNot.size],
    );
    return found.filter(({ sequence }) => !butNot.has(sequence)).slice(0, countMax);
  }

  /** How many have no answer yet, and how many of them the server cannot read. */
  counts(): { waiting: number; stuck: number } {
    const [row] = this.file
      .prepare('SELECT COUNT(*) AS waiting, COUNT(stuck) AS stuck FROM tap WHERE outcome IS NULL')
      .all() as { waiting: number; stuck: number }[];
    return { waiting: row?.waiting ?? 0, stuck: row?.stuck ?? 0 };
  }

  /** Meals of the card that a list of that age does not know of. */
  notInList(cardUid: string, asOfMs: number, butNot: number | undefined): OwnTap[] {
    const rows = this.file
      .prepare(
        `SELECT day, meal, selfPaidFen, gave FROM tap
          WHERE cardUid = ? AND sequence <> ? AND day IS NOT NULL
            AND ((outcome IS NULL AND mealGiven = 1)
              OR (outcome IN ('ACCEPTED', 'RECORDED_FOR_REVIEW') AND answeredAtMs >= ?))`,
      )
      .all(cardUid, butNot ?? -1, asOfMs - booksMarginMs) as {
      day: string;
      meal: Meal;
      selfPaidFen: number;
      gave: string | null;
    }[];
    return rows.map(({ day, meal, selfPaidFen, gave }) => {
      return { day, meal, selfPaidFen, ...(gave === null ? {} : { gave: JSON.parse(gave) }) };
    });
  }

  /** Lets go of what was answered so long ago. */
  forgetBefore(answeredMs: number): void {
    this.file.prepare('DELETE FROM tap WHERE answeredAtMs < ? AND outcome IS NOT NULL').run(answeredMs);
  }

  private insert(tap: NewTap, showing?: Showing): StoredTap {
    const sequence = this.numbers.take();
    const swipeId = this.newId();
    const { cardUid, swipedAtMs, grossFen, mode, menu, offline } = tap;
    const mealGiven = showing?.mealGiven ?? false;
    const result = showing?.result ?? null;
    const shown = showing !== undefined;
    this.file
      .prepare(
        `INSERT INTO tap (sequence, swipeId, cardUid, swipedAtMs, grossFen, mode, menu, offline, sentLive, mealGiven, shown, result)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?)`,
      )
      .run(
        ...[sequence, swipeId, cardUid, swipedAtMs, grossFen, mode, menu],
        ...[Number(offline), Number(mealGiven), Number(shown), result],
      );
    this.setTaken(sequence, showing?.taken);
    return { ...tap, sequence, swipeId, mealGiven, shown, result, sentLive: false, outcome: null };
  }

  private takeBack({ sequence }: StoredTap): void {
    inTransaction(this.file, () => {
      this.file.prepare('DELETE FROM tap WHERE sequence = ?').run(sequence);
      this.numbers.giveBack(sequence);
    });
  }

  private setTaken(sequence: number, taken: TakenMeal | undefined): void {
    if (!taken) return;
    const { day, meal, selfPaidFen, gave } = taken;
    this.file
      .prepare(
        'UPDATE tap SET day = ?, meal = ?, selfPaidFen = ?, gave = COALESCE(?, gave) WHERE sequence = ?',
      )
      .run(day, meal, selfPaidFen, gave ? JSON.stringify(gave) : null, sequence);
  }

  private setOutcome(sequence: number, { outcome, answeredAtMs }: ServerAnswer): void {
    this.file
      .prepare('UPDATE tap SET outcome = ?, answeredAtMs = ?, stuck = NULL WHERE sequence = ?')
      .run(outcome, answeredAtMs, sequence);
  }

  private select(where: string, parameters: unknown[]): StoredTap[] {
    const rows = this.file.prepare(`SELECT ${columns} FROM tap WHERE ${where}`).all(...parameters) as Row[];
    return rows.map(({ offline, sentLive, mealGiven, shown, ...row }) => {
      return {
        ...row,
        sentLive: sentLive === 1,
        offline: offline === 1,
        mealGiven: mealGiven === 1,
        shown: shown === 1,
      };
    });
  }
}

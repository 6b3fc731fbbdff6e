import { randomUUID } from 'node:crypto';
import { Facility, FacilityPlacement } from '../../entities/index.js';
import type { ReviewBearer } from '../../entities/meals/swipe-review.entity.js';
import type { DisputeDecision } from '../../entities/settlement/statement-dispute.entity.js';
import { endElder } from '../../src/elders/end-elder.js';
import { canteenSettlement } from '../../src/meals/canteen-settlement.js';
import { closeMealAccount } from '../../src/meals/close-meal-account.js';
import { configureCanteen } from '../../src/meals/configure-canteen.js';
import { decideReview } from '../../src/meals/decide-review.js';
import { openLateReviews, openReviewsAfterEnd } from '../../src/meals/open-late-reviews.js';
import { refundCard } from '../../src/meals/refund-card.js';
import type { SwipeIntake } from '../../src/meals/swipe-intake.js';
import { correctSwipe, voidSwipe } from '../../src/meals/void-swipe.js';
import { answerDispute, decideDispute, disputeLine } from '../../src/settlement/disputes.js';
import { moveStatement } from '../../src/settlement/move-statement.js';
import { readStatement } from '../../src/settlement/read-statement.js';
import { type StatementEventName, transitionOf } from '../../src/settlement/statement.rules.js';
import { addDays, type Day, dayOf } from '../../src/shared/china-time.js';
import { firstDayOf, type Month, nextMonth } from '../../src/shared/month.js';
import { isRefusal } from '../../src/shared/refusal.js';
import { heirIfDead } from './settled-file.js';
import { intakeOf, tap } from './taps.js';
import { addAccount, addDiner, type Diner, type Town, today, windows } from './town.js';

const firstDay: Day = '2026-03-28';

/** The months in which something may be booked. */
export const playedMonths: readonly Month[] = ['2026-03', '2026-04', '2026-05'];

const forward = {
  DRAFT: 'SUBMIT',
  SUBMITTED: 'REVIEW',
  REVIEWED: 'SIGN',
  SIGNED: 'PAY',
  PAID: 'FREEZE',
} as const;
const backward = { SUBMITTED: 'RETURN', REVIEWED: 'SEND_BACK' } as const;

export interface Tap {
  elder: number;
  daysAgo: number;
  grossFen: number;
  dinner: boolean;
  delivered: boolean;
}

interface PlayedLine {
  postingId: number | string;
  disputeId: number | string | null;
  isOpen: number | string;
}

/** A canteen of its own with a few elders, to which anything may happen from the end of March on. */
export class PlayedMonths {
  now = noonOf(firstDay);
  private readonly swipeIds: string[] = [];
  private readonly intake: SwipeIntake;

  private constructor(
    readonly town: Town,
    readonly canteenId: number,
    readonly diners: readonly Diner[],
    private readonly byIds: Readonly<Record<'canteen' | 'street' | 'county' | 'finance', number>>,
  ) {
    this.intake = intakeOf(town, { clock: { now: () => this.now } });
  }

  static async begin(town: Town, balanceFen: number): Promise<PlayedMonths> {
    const canteenId = await newCanteen(town);
    const diners = [];
    for (let count = 0; count < 4; count += 1) diners.push(await addDiner(town, { balanceFen }));
    const by = (name: string) => addAccount(town, name);
    return new PlayedMonths(town, canteenId, diners, {
      canteen: await by('canteen'),
      street: await by('street'),
      county: await by('county'),
      finance: await by('finance'),
    });
  }

  get today(): Day {
    return dayOf(this.now);
  }

  pass(days: number): void {
    const day = addDays(this.today, days);
    this.now = noonOf(day < '2026-05-28' ? day : '2026-05-28');
  }

  async eat({ elder, daysAgo, grossFen, dinner, delivered }: Tap): Promise<void> {
    const day = addDays(this.today, -daysAgo);
    // Tapped in advance of noon, and a dinner the evening before at the latest.
    const swipedAt = new Date(`${dinner ? addDays(day, -1) : day}T${dinner ? '17' : '12'}:00:00+08:00`);
    const offline = dinner || daysAgo > 0;
    const mode = delivered ? ('DELIVERY' as const) : ('DINE_IN' as const);
    const cardUid = this.diner(elder).uid;
    const request = {
      ...tap(this.town, { cardUid, grossFen, swipedAt, offline, mode }),
      canteenId: this.canteenId,
    };
    await this.intake.record(request);
    this.swipeIds.push(request.command.swipeId);
  }

  async takeBack(which: number, corrects: boolean): Promise<void> {
    const request = { ...(await this.asked()), swipeId: this.swipeId(which), reason: '错刷' };
    await this.town.database.write((manager) =>
      (corrects ? correctSwipe : voidSwipe)(manager, request, 'everywhere'),
    );
  }

  async decide(which: number, bornBy: ReviewBearer, funder: 'BUREAU' | 'CHARITY'): Promise<void> {
    const funderCode = bornBy === 'FUNDER' ? funder : null;
    const decision = {
      ...(await this.asked()),
      swipeId: await this.reviewed(which),
      bornBy,
      funderCode,
      note: '核实',
    };
    await this.town.database.write((manager) => decideReview(manager, decision, 'everywhere'));
  }

  async end(elder: number, daysAgo: number): Promise<void> {
    const ending = {
      elderId: this.diner(elder).elderId,
      status: 'DECEASED' as const,
      on: addDays(this.today, -daysAgo),
    };
    await this.town.database.write((manager) =>
      endElder(manager, ending, 'everywhere', this.today, [openReviewsAfterEnd]),
    );
  }

  async stay(elder: number, daysAgo: number, days: number): Promise<void> {
    const fromDay = addDays(this.today, -daysAgo);
    const { elderId } = this.diner(elder);
    const entry = { elderId, reason: 'STAY_ENTERED_LATE' as const, fromDay, toDay: addDays(fromDay, days) };
    await this.town.database.write((manager) => openLateReviews(manager, entry));
  }

  async payOut(elder: number, fen: number | 'ALL'): Promise<void> {
    const { elderId, uid } = this.diner(elder);
    const id = await this.town.ids.take(1);
    const request = { ...(await this.asked()), id };
    const heir = await heirIfDead(this.town.database, elderId);
    await this.town.database.write<unknown>((manager) =>
      fen === 'ALL'
        ? closeMealAccount(manager, { ...request, elderId, heir }, 'everywhere')
        : refundCard(manager, { ...request, cardUid: uid, fen }, 'everywhere'),
    );
  }

  /** The next step of the month's statement, or a step back; refused where there is none, or it is too early. */
  async walk(month: Month, back = false): Promise<boolean> {
    const { state } = await this.statement(month);
    const event = (back ? backward : forward)[state as 'SUBMITTED' | 'REVIEWED'];
    if (!event) return false;
    const postingId = await this.town.ids.take(1);
    const request = { facilityId: this.canteenId, month, event, note: 'P-1', now: this.now, postingId };
    const acting = this.actingFor(event);
    const moved = await this.town.database.write((manager) =>
      moveStatement(manager, canteenSettlement, { ...request, acting }, 'everywhere'),
    );
    return !isRefusal(moved);
  }

  statement(month: Month) {
    const key = { facilityId: this.canteenId, month };
    return this.town.database.read((manager) => readStatement(manager, 'CANTEEN', key));
  }

  /** Doubts a line of the month, has it answered and decides it, as far as `stages` of these three. */
  async dispute(month: Month, which: number, stages: number, decision: DisputeDecision): Promise<void> {
    if ((await this.statement(month)).state === 'DRAFT') await this.walk(month);
    const lines = await this.lines(month);
    const line = lines[which % (lines.length || 1)];
    if (!line) return;
    const disputeId = Number(line.disputeId ?? (await this.town.ids.take(1)));
    const place = { facilityId: this.canteenId, month, disputeId, words: '核实', now: this.now };
    const street = { ...place, acting: this.acting('street', 'MANAGER') };
    const { database, ids } = this.town;
    const raised = { ...street, lineId: Number(line.postingId) };
    await database.write((manager) => disputeLine(manager, canteenSettlement, raised, 'everywhere'));
    if (stages < 2) return;
    const answer = { ...place, acting: this.acting('canteen', 'MANAGER') };
    await database.write((manager) => answerDispute(manager, canteenSettlement, answer, 'everywhere'));
    if (stages < 3) return;
    const postingId = await ids.take(1);
    await database.write((manager) =>
      decideDispute(manager, canteenSettlement, { ...street, decision, postingId }, 'everywhere'),
    );
  }

  /** Ends all months: whatever is doubted still is rejected, and every statement is walked to its end. */
  async freezeAll(): Promise<void> {
    for (const month of playedMonths) {
      const later = noonOf(addDays(firstDayOf(nextMonth(month)), 2));
      if (this.now < later) this.now = later;
      do {
        for (const which of await this.doubted(month)) await this.dispute(month, which, 3, 'REJECTED');
      } while (await this.walk(month));
    }
  }

  /** Which of its lines, by their order, have a dispute without a decision. */
  private async doubted(month: Month): Promise<number[]> {
    const lines = await this.lines(month);
    return lines.flatMap(({ isOpen }, index) => (Number(isOpen) === 1 ? [index] : []));
  }

  private lines(month: Month): Promise<PlayedLine[]> {
    return this.town.database.read((manager) =>
      manager.query(
        `SELECT line.postingId, dispute.id AS disputeId,
                CASE WHEN dispute.id IS NOT NULL AND dispute.decision IS NULL THEN 1 ELSE 0 END AS isOpen
           FROM month_statement statement
           JOIN statement_line line ON line.statementId = statement.id
           LEFT JOIN statement_dispute dispute ON dispute.postingId = line.postingId
          WHERE statement.facilityId = ? AND statement.month = ? ORDER BY line.postingId`,
        [this.canteenId, month],
      ),
    );
  }

  private diner(which: number): Diner {
    return this.diners[which % this.diners.length] as Diner;
  }

  /** The month that is to be walked: the first that is not at its end. */
  async month(): Promise<Month> {
    for (const month of playedMonths) {
      if ((await this.statement(month)).state !== 'FROZEN') return month;
    }
    return '2026-05';
  }

  /** One of the swipes that have a review, or one without any where there is none. */
  private async reviewed(which: number): Promise<string> {
    const rows: { swipeId: string }[] = await this.town.database.read((manager) =>
      manager.query(
        `SELECT s.swipeId FROM swipe_review r JOIN swipe s ON s.id = r.id WHERE r.canteenId = ? ORDER BY s.id`,
        [this.canteenId],
      ),
    );
    return rows[which % (rows.length || 1)]?.swipeId ?? this.swipeId(which);
  }

  private swipeId(which: number): string {
    return this.swipeIds[which % (this.swipeIds.length || 1)] ?? randomUUID();
  }

  private async asked() {
    const postingId = await this.town.ids.take(1);
    return { postingId, requestId: randomUUID() as string, byId: this.town.managerId, now: this.now };
  }

  private actingFor(event: StatementEventName) {
    const office = transitionOf(event).by[0];
    if (event === 'PAY') return this.acting('finance', 'FINANCE');
    if (office?.level === 'FACILITY') return this.acting('canteen', 'MANAGER');
    return this.acting(office?.level === 'STREET' ? 'street' : 'county', 'MANAGER');
  }

  private acting(who: 'canteen' | 'street' | 'county' | 'finance', role: string) {
    const { streetId, countyId } = this.town;
    const facilityId = { canteen: this.canteenId, street: streetId, county: countyId, finance: countyId }[
      who
    ];
    return { accountId: this.byIds[who], grants: [{ role, facilityId }] };
  }
}

const noonOf = (day: Day) => new Date(`${day}T12:00:00+08:00`);

let canteens = 0;

async function newCanteen({ database, streetId }: Town): Promise<number> {
  canteens += 1;
  const code = `PLAYED-${canteens}`;
  return database.write(async (manager) => {
    const opened = { code, name: code, openedOn: '2020-01-01', closedOn: null };
    const kind = 'ELDER_CANTEEN' as const;
    const { id } = await manager.save(
      manager.create(Facility, { ...opened, kind, divisionCode: '411302001001' }),
    );
    const placed = { facilityId: id, parentId: streetId, fromDay: '2020-01-01', toDay: null };
    await manager.insert(FacilityPlacement, placed);
    await configureCanteen(manager, { canteenId: id, priceFenMax: 3000, windows }, 'everywhere', today);
    return id;
  });
}

import type { ReviewBearer } from '../../entities/meals/swipe-review.entity.js';
import { today } from './town.js';

interface ModelSwipe {
  elder: number;
  day: string;
  grossFen: number;
  outcome: string;
  /** What the elder paid at the tap. */
  selfPaidFen: number;
  bornBy: ReviewBearer | undefined;
  voided: boolean;
}

/**
 * What two elders of 76 have and had for lunch in the town of the tests, kept in memory in the plainest way. Every
 * operation answers in one word, as the database should: 'done' or a refusal.
 */
export class MealsModel {
  readonly swipes: ModelSwipe[] = [];
  private readonly elders = [
    { balanceFen: 0, closed: false },
    { balanceFen: 0, closed: false },
  ];

  balanceOf(elder: number): number {
    return this.at(elder).balanceFen;
  }

  topUp(elder: number, fen: number): string {
    if (this.at(elder).closed) return 'CARD_NOT_ACTIVE';
    this.at(elder).balanceFen += fen;
    return 'done';
  }

  refund(elder: number, fen: number): string {
    if (this.at(elder).balanceFen < fen) return 'BALANCE_TOO_LOW';
    this.at(elder).balanceFen -= fen;
    return 'done';
  }

  close(elder: number): string {
    if (this.at(elder).closed && this.at(elder).balanceFen === 0) return 'ACCOUNT_CLOSED';
    Object.assign(this.at(elder), { balanceFen: 0, closed: true });
    return 'done';
  }

  issue(elder: number): string {
    if (!this.at(elder).closed) return 'ELDER_HAS_CARD';
    this.at(elder).closed = false;
    return 'done';
  }

  swipe({
    elder,
    day,
    grossFen,
    offline,
  }: Pick<ModelSwipe, 'elder' | 'day' | 'grossFen'> & { offline: boolean }): string {
    // Nanning's rule: 2 yuan, and 3 from today on.
    const selfPaidFen = Math.max(grossFen - (day < today ? 200 : 300), 0);
    const refused = this.refusalOf(elder, day, selfPaidFen);
    const outcome = refused === undefined ? 'ACCEPTED' : offline ? 'RECORDED_FOR_REVIEW' : refused;
    const paidFen = outcome === 'ACCEPTED' ? selfPaidFen : 0;
    this.at(elder).balanceFen -= paidFen;
    this.swipes.push({
      elder,
      day,
      grossFen,
      outcome,
      selfPaidFen: paidFen,
      bornBy: undefined,
      voided: false,
    });
    return outcome === 'RECORDED_FOR_REVIEW' ? `${outcome} ${refused}` : outcome;
  }

  takeBack(which: number): string {
    const swipe = this.swipeAt(which);
    if (swipe.outcome !== 'ACCEPTED' && swipe.outcome !== 'RECORDED_FOR_REVIEW') return 'SWIPE_UNKNOWN';
    if (swipe.voided) return 'ALREADY_VOIDED';
    swipe.voided = true;
    this.at(swipe.elder).balanceFen += swipe.bornBy === 'ELDER' ? swipe.grossFen : swipe.selfPaidFen;
    return 'done';
  }

  decide(which: number, bornBy: ReviewBearer): string {
    const swipe = this.swipeAt(which);
    if (swipe.outcome !== 'RECORDED_FOR_REVIEW') return 'REVIEW_UNKNOWN';
    if (swipe.bornBy) return 'ALREADY_DECIDED';
    if (swipe.voided) return 'SWIPE_VOIDED';
    if (bornBy === 'FUNDER' && this.isTaken(swipe.elder, swipe.day)) return 'MEAL_ALREADY_TAKEN';
    if (bornBy === 'ELDER') {
      if (this.at(swipe.elder).balanceFen < swipe.grossFen) return 'BALANCE_TOO_LOW';
      this.at(swipe.elder).balanceFen -= swipe.grossFen;
    }
    swipe.bornBy = bornBy;
    return 'done';
  }

  private refusalOf(elder: number, day: string, selfPaidFen: number): string | undefined {
    // All is closed today, and a tap of an earlier day is one of before.
    if (this.at(elder).closed && day === today) return 'CARD_NOT_ACTIVE';
    if (this.isTaken(elder, day)) return 'MEAL_ALREADY_TAKEN';
    return selfPaidFen > this.at(elder).balanceFen ? 'INSUFFICIENT_BALANCE' : undefined;
  }

  /** True while an accepted swipe, or a review that a funder bears, holds the lunch of that day. */
  private isTaken(elder: number, day: string): boolean {
    return this.swipes.some(
      (swipe) =>
        swipe.elder === elder &&
        swipe.day === day &&
        !swipe.voided &&
        (swipe.outcome === 'ACCEPTED' || swipe.bornBy === 'FUNDER'),
    );
  }

  private at(elder: number) {
    const found = this.elders[elder];
    if (!found) throw new Error(`there is no elder ${elder}`);
    return found;
  }

  private swipeAt(which: number): ModelSwipe {
    const found = this.swipes[which];
    if (!found) throw new Error(`there is no swipe ${which}`);
    return found;
  }
}

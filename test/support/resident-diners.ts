import { randomUUID } from 'node:crypto';
import type { BedType } from '../../entities/beds/bed.entity.js';
import type { LeaveKind } from '../../entities/beds/stay-leave.entity.js';
import { admit } from '../../src/beds/admit.js';
import { changeDischarge } from '../../src/beds/change-discharge.js';
import { discharge } from '../../src/beds/discharge.js';
import { endLeave, startLeave } from '../../src/beds/leave-stay.js';
import type { Stay } from '../../src/beds/read-stays.js';
import { transferStay } from '../../src/beds/transfer-stay.js';
import { decideReview, type ReviewDecision } from '../../src/meals/decide-review.js';
import { findReview, type Review } from '../../src/meals/find-reviews.js';
import type { RuleDocument } from '../../src/meals/rules/rule-language.rules.js';
import { subsidyRules } from '../../src/meals/rules/subsidy-rules.js';
import { SwipeIntake } from '../../src/meals/swipe-intake.js';
import { SwipeRecorder } from '../../src/meals/swipe-recorder.js';
import { proposeVersion } from '../../src/rule-versions/propose-version.js';
import { institutionStays, openReviewsAfterStay } from '../../src/server/institution-stays.js';
import { batchLimits, swipeLimitsOf } from '../../src/server/services.js';
import type { Day } from '../../src/shared/china-time.js';
import { isRefusal } from '../../src/shared/refusal.js';
import { addBeds, addHome, allBeds } from './beds.js';
import { tap } from './taps.js';
import { openTestDatabase, type TestDatabase } from './test-database.js';
import { testSettings } from './test-server.js';
import { addDiner, buildTown, countRows, type Diner, noon, type Town } from './town.js';

const afterwards = [openReviewsAfterStay];

const done = (result: object): Stay => {
  if ('refused' in result) throw new Error(String(result.refused));
  return result as Stay;
};

/** A town with a nursing home, whose stays are what its canteens ask about. */
export class ResidentDiners {
  private constructor(
    readonly open: TestDatabase,
    readonly town: Town,
    readonly homeId: number,
    private readonly intake: SwipeIntake,
  ) {}

  static async begin(): Promise<ResidentDiners> {
    const open = await openTestDatabase();
    const { database } = open;
    const town = await buildTown(database);
    const settings = testSettings();
    const limits = swipeLimitsOf(settings);
    const intake = new SwipeIntake({
      recorder: new SwipeRecorder({ database, ids: town.ids, limits, stays: institutionStays }),
      clock: { now: () => noon },
      ...batchLimits(settings, database.engine),
      onBatch: () => undefined,
    });
    return new ResidentDiners(open, town, await addHome(town), intake);
  }

  /** Somebody whom a bed of any type may be given. */
  async diner(balanceFen?: number): Promise<Diner> {
    const one = await addDiner(this.town, balanceFen === undefined ? {} : { balanceFen });
    await this.open.database.write((manager) =>
      manager.query("UPDATE elder SET abilityLevel = 1, abilityExpiresOn = '2027-01-01' WHERE id = ?", [
        one.elderId,
      ]),
    );
    return one;
  }

  async live(elderId: number, from: Day, type: BedType = 'NURSING'): Promise<Stay> {
    const [bedId = 0] = await addBeds(this.town, this.homeId, [{ type }]);
    const wanted = { ...(await this.asked()), bedId, elderId, from, holdId: null, contractSignedOn: null };
    return done(await this.open.database.write((manager) => admit(manager, wanted, allBeds, afterwards)));
  }

  async leave(stayId: number, on: Day, kind: LeaveKind): Promise<void> {
    const wanted = { ...(await this.asked()), stayId, on, kind, expectedBackOn: null };
    done(await this.open.database.write((manager) => startLeave(manager, wanted, allBeds, afterwards)));
  }

  async comeBack(stayId: number, on: Day): Promise<void> {
    const wanted = { ...(await this.asked()), stayId, on };
    done(await this.open.database.write((manager) => endLeave(manager, wanted, allBeds, afterwards)));
  }

  async goHome(stayId: number, on: Day): Promise<void> {
    const wanted = { ...(await this.asked()), stayId, on, reason: 'HOME', note: null };
    done(await this.open.database.write((manager) => discharge(manager, wanted, allBeds, [], afterwards)));
  }

  async goHomeInstead(stayId: number, on: Day): Promise<void> {
    const wanted = { ...(await this.asked()), stayId, on };
    done(await this.open.database.write((manager) => changeDischarge(manager, wanted, allBeds, afterwards)));
  }

  async move(stayId: number, on: Day, type: BedType): Promise<void> {
    const [bedId = 0] = await addBeds(this.town, this.homeId, [{ type }]);
    const wanted = { ...(await this.asked()), stayId, bedId, on };
    done(await this.open.database.write((manager) => transferStay(manager, wanted, allBeds, afterwards)));
  }

  async eat(uid: string, daysAgo = 0) {
    const swipedAt = new Date(noon.getTime() - daysAgo * 86_400_000);
    const request = tap(this.town, { cardUid: uid, swipedAt, offline: daysAgo > 0 });
    return { ...(await this.intake.record(request)), swipeId: request.command.swipeId };
  }

  /** Rules for the whole city from the 1st of March on, beside those of the town. */
  async addRules(code: string, document: RuleDocument): Promise<void> {
    const proposal = { code, facilityId: this.town.cityId, fromDay: '2026-03-01', toDay: null, document };
    const proposed = await this.open.database.write((manager) =>
      proposeVersion(
        manager,
        subsidyRules,
        { ...proposal, byId: null, now: noon },
        { scope: 'everywhere', approved: true },
      ),
    );
    if (isRefusal(proposed)) throw new Error(proposed.refused);
  }

  openReviewsOf(elderId: number): Promise<number> {
    return countRows(
      this.open,
      `swipe_review r JOIN swipe s ON s.id = r.swipeRowId
        WHERE s.elderId = ${elderId} AND r.openCanteenId IS NOT NULL`,
    );
  }

  review(swipeId: string, number?: number): Promise<Review | undefined> {
    const { database } = this.open;
    return database.read((manager) => findReview(manager, swipeId, 'everywhere', '2026-03-10', number));
  }

  async decide(swipeId: string, given: Partial<ReviewDecision> = {}) {
    const usual = { bornBy: 'CANTEEN', funderCode: null, note: '已核实', swipeId } as const;
    const decision = { ...usual, ...(await this.asked()), ...given };
    return this.open.database.write((manager) =>
      decideReview(manager, decision, 'everywhere', institutionStays),
    );
  }

  /** What all postings about a swipe left on the accounts, by their kinds. */
  async booked(swipeId: string): Promise<Record<string, number>> {
    const rows: { kind: string; fen: number | string }[] = await this.open.database.read((manager) =>
      manager.query(
        `SELECT a.kind, SUM(n.fen) AS fen
           FROM (SELECT s.id AS sourceId, 'SWIPE' AS kind FROM swipe s WHERE s.swipeId = ?
                 UNION ALL SELECT s.id, 'VOID' FROM swipe s WHERE s.swipeId = ?
                 UNION ALL SELECT r.id, 'REVIEW' FROM swipe_review r JOIN swipe s ON s.id = r.swipeRowId
                            WHERE s.swipeId = ?) about
           JOIN ledger_posting p ON p.sourceId = about.sourceId AND p.kind = about.kind
           JOIN ledger_entry n ON n.postingId = p.id JOIN ledger_account a ON a.id = n.accountId
          GROUP BY a.kind`,
        [swipeId, swipeId, swipeId],
      ),
    );
    return Object.fromEntries(rows.map((row) => [row.kind, Number(row.fen)]));
  }

  private async asked() {
    const id = await this.town.ids.take(2);
    return { id, postingId: id + 1, requestId: randomUUID() as string, byId: this.town.managerId, now: noon };
  }
}

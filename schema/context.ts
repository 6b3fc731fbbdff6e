import type { Caller } from '../src/access/caller.js';
import { elderIdsFor, scopeFor } from '../src/access/caller.js';
import { caregiverScopeFor } from '../src/access/caregiver-scope.js';
import { courierScopeFor } from '../src/access/courier-scope.js';
import type { FamilySignIn } from '../src/access/family-sign-in.js';
import type { Asker } from '../src/access/grants.js';
import { identityScopeOf, seesDoors } from '../src/access/identity-scope.js';
import type { ReaderSightings } from '../src/access/reader-sightings.js';
import type { StaffAccess } from '../src/access/staff-access.js';
import type { AuditNotes } from '../src/audit-log/audit-notes.js';
import { type Actor, done } from '../src/audit-log/audit-record.js';
import { AuditTrail } from '../src/audit-log/audit-trail.js';
import type { AdmissionDesk } from '../src/beds/admission-desk.js';
import type { ElderScope } from '../src/elders/elder-scope.js';
import type { ElderWindows } from '../src/elders/elder-windows.js';
import type { AfterEnding } from '../src/elders/end-elder.js';
import {
  type AfterStay,
  type AwaySpans,
  type InstitutionStays,
  noStays,
} from '../src/elders/institution-stays.js';
import type { PersonalRecords } from '../src/elders/personal-records.js';
import type { AfterReopening } from '../src/elders/reopen-elder.js';
import type { CanteenTermsCache } from '../src/meals/canteen-terms.js';
import type { DeliveryReach } from '../src/meals/deliveries/read-deliveries.js';
import type { ReaderLists } from '../src/meals/reader-lists/reader-lists.js';
import type { SwipeLimits } from '../src/meals/swipe.rules.js';
import type { TakesSwipes } from '../src/meals/swipe-intake.js';
import type { BeforeClosing } from '../src/network/close-facility.js';
import type { Scope } from '../src/network/scope.js';
import type { Acting } from '../src/settlement/find-person.js';
import { dayOf } from '../src/shared/china-time.js';
import { type Clock, systemClock } from '../src/shared/clock.js';
import type { Database } from '../src/shared/database.js';
import type { IdBlocks } from '../src/shared/ids.js';
import type { LiveBus } from '../src/shared/live/live-bus.js';
import type { Language } from '../src/shared/text.js';
import type { BookingIntake } from '../src/visits/bookings/booking-intake.js';
import type { CatalogCache, CrewCache } from '../src/visits/crew-cache.js';
import type { PlanRunner } from '../src/visits/plans/plan-runner.js';
import type { TravelTimes } from '../src/visits/travel.js';
import type { VisitReach } from '../src/visits/visit-reach.js';
import type { Booker } from '../src/visits/visit-situation.js';
import type { SlotsReader } from '../src/visits/visit-slots.js';
import { createLoaders, type Loaders } from './loaders/index.js';

/** What the process holds for all requests. */
export interface Services {
  database: Database;
  clock: Clock;
  ids: IdBlocks;
  intake: TakesSwipes;
  /** Prices, windows and rules for questions that write nothing. */
  canteenTerms: CanteenTermsCache;
  swipeLimits: SwipeLimits;
  /** What readers need to decide alone. */
  readerLists: ReaderLists;
  /** Who lives in an institution, and so gets no subsidy; nobody where it is not kept. */
  stays?: InstitutionStays;
  /** For how long elders are not at home; nobody is away where it is not kept. */
  awaySpans?: AwaySpans;
  /** The most that one top-up may be, in fen. */
  topUpFenMax: number;
  /** What this server sees of card readers. */
  sightings: ReaderSightings;
  /** How long an old key works after a rotation that names no time, in minutes. */
  readerKeyOverlapMinutes: number;
  /** Takes records of the audit log that belong to no write. */
  auditNotes: AuditNotes;
  /** What the areas hold about an elder, for its export and its erasure. */
  personalRecords: readonly PersonalRecords[];
  /** What is done in the transaction that ends an elder's file. */
  afterElderEnds: readonly AfterEnding[];
  /** What is done in the transaction that takes such an end back. */
  afterElderReopens: readonly AfterReopening[];
  /** What is done in the transaction that changes whether an elder lives in an institution on days that have been. */
  afterStays: readonly AfterStay[];
  /** Where elders are let into beds. */
  admissions: AdmissionDesk;
  /** What is asked in the transaction that closes a facility. */
  beforeClosing: readonly BeforeClosing[];
  /** How many days after its end an elder's file is kept. */
  elderRetentionDays: number;
  /** How people sign in. */
  staff: StaffAccess;
  /** How relatives sign in, and their messages. */
  families: FamilySignIn;
  /** How long ways take. */
  travel: TravelTimes;
  /** Searches for plans of visits. */
  planner: PlanRunner;
  /** Where changes are told and listened to. */
  live: LiveBus;
  /** How many of them wait for a subscriber that reads slowly. */
  liveWaitingMax: number;
  /** Told of changes that made way for a resync. */
  onLiveDropped?(count: number): void;
  /** Which elders are open to somebody whose grants cover no place. */
  elderWindows: ElderWindows;
  /** What was read of home-care stations lately, for offers of free times. */
  crews: CrewCache;
  /** And what services are, and on which terms they are booked. */
  visitCatalog: CatalogCache;
  /** Where free times are asked for. */
  slots: SlotsReader;
  /** Where bookings of visits are handed in. */
  bookings: BookingIntake;
}

/** Where a request came from. */
export interface Origin {
  /** Null where it did not come over the network. */
  address: string | null;
  requestId: string | null;
}

/** One per request: who is calling, in which language, at what instant, and its loaders. */
export class Context {
  /** Every rule of one request sees the same instant. */
  readonly now: Date;
  /**
   * Elders that this request was shown by visits of the caller's stations. Another station may keep their files, so
   * the guard asks about the caller's grants again before it shows more of them than a visit does.
   */
  readonly shownByVisits = new Set<number>();
  /** Elders that this request was shown by beds of the caller's facilities, in the same way. */
  readonly shownByBeds = new Set<number>();
  private made: Loaders | undefined;
  private trail: AuditTrail | undefined;
  private opened: Promise<readonly number[]> | undefined;
  private passwordTried = false;

  constructor(
    readonly services: Services,
    /** Undefined when the request carried no token, or one that nobody was ever given. */
    readonly caller: Caller | undefined,
    readonly language: Language,
    readonly origin: Origin = { address: null, requestId: null },
  ) {
    this.now = services.clock.now();
  }

  /** From where the request comes, as far as the server can tell. */
  get address(): string {
    return this.origin.address ?? 'unknown';
  }

  get database(): Database {
    return this.services.database;
  }

  /**
   * What was wrong with a tap that could not be read and was set aside under this uid: the field, null when it was no
   * tap at all; undefined for every other.
   */
  faultOf(_cardUid: string): string | null | undefined {
    return undefined;
  }

  /** Made when first asked for: a swipe needs none of them. */
  get loaders(): Loaders {
    this.made ??= createLoaders(this);
    return this.made;
  }

  /** What this request leaves in the audit log: every write goes through it. */
  get audit(): AuditTrail {
    const { database, ids, auditNotes: notes } = this.services;
    this.trail ??= new AuditTrail({ database, ids, notes, clock: systemClock }, this.actor);
    return this.trail;
  }

  private get actor(): Actor {
    const grants = this.caller?.grants ?? [];
    return {
      accountId: this.caller?.accountId ?? null,
      roles: grants.map(({ role }) => role),
      ...this.origin,
      facilityId: grants.find(({ facilityId }) => facilityId !== null)?.facilityId ?? null,
    };
  }

  /** What was loaded before a change must not answer after it. */
  forgetLoaders(): void {
    this.made = undefined;
    this.opened = undefined;
  }

  /** Where the caller sees identities whole. */
  get identityScope(): Scope {
    return this.caller ? identityScopeOf(this.caller) : [];
  }

  /** Whose phone and address the caller sees whole beside those, because it is to find their doors. */
  async doorsOpen(): Promise<readonly number[]> {
    return this.caller && seesDoors(this.caller) ? this.eldersOpenFor('Elder.address') : [];
  }

  /** Records looks at whole identities; they are in the audit log before anybody gets the answer. */
  async noteIdentityLooks(looks: readonly { elderId: number; field: string }[]): Promise<void> {
    await Promise.all(
      looks.map(({ elderId, field }) =>
        this.audit.note({ operation: `look ${field}`, result: done, elderId }),
      ),
    );
  }

  /** Where the caller may ask `operation`; the guard has already refused those who may nowhere. */
  scopeFor(operation: string): Scope {
    return this.caller ? scopeFor(this.caller, operation) : [];
  }

  /** Whose files the caller may ask `operation` about: elders of places, whose relative it is, and whom it visits. */
  async elderScopeFor(operation: string): Promise<ElderScope> {
    const places = this.scopeFor(operation);
    const related = this.caller ? elderIdsFor(this.caller, operation) : [];
    const elderIds = [...related, ...(await this.eldersOpenFor(operation))];
    return elderIds.length === 0 ? places : { places, elderIds };
  }

  /**
   * Elders that the caller may ask `operation` about though its grants cover no place of theirs. Looked up once in
   * a request, and only for those who can have any.
   */
  async eldersOpenFor(operation: string): Promise<readonly number[]> {
    const stations = this.caller ? caregiverScopeFor(this.caller, operation) : [];
    if (stations.length === 0) return [];
    const holder = { accountId: this.accountId, stations };
    this.opened ??= this.database.read((manager) =>
      this.services.elderWindows.eldersOpenTo(manager, holder, dayOf(this.now)),
    );
    return this.opened;
  }

  /** Which visits the caller may ask `operation` about. */
  visitReachFor(operation: string): VisitReach {
    const stations = this.caller ? caregiverScopeFor(this.caller, operation) : [];
    const elderIds = this.caller ? elderIdsFor(this.caller, operation) : [];
    return { stations: this.scopeFor(operation), elderIds, own: { accountId: this.accountId, stations } };
  }

  /** The caller as somebody who books visits, or changes them. */
  async bookerFor(operation: string): Promise<Booker> {
    const { stays = noStays } = this.services;
    const elders = await this.elderScopeFor(operation);
    return { elders, stations: this.scopeFor(operation), byId: this.accountId, now: this.now, stays };
  }

  /** Which deliveries the caller may ask `operation` about as somebody of the canteen, and as their courier. */
  deliveryReachFor(operation: string): DeliveryReach {
    const canteens = this.caller ? courierScopeFor(this.caller, operation) : [];
    return {
      elders: [],
      canteens: this.scopeFor(operation),
      own: { accountId: this.accountId, canteens },
    };
  }

  /** The caller's account; only behind the guard. */
  get accountId(): number {
    if (!this.caller) throw new Error('a resolver without a caller ran: the guard did not stand before it');
    return this.caller.accountId;
  }

  /** Who takes a step in the life of a statement; only behind the guard. */
  get settler(): Acting & { accountId: number } {
    return { accountId: this.accountId, grants: this.caller?.grants ?? [] };
  }

  /** Who asks about accounts: at the machine's time, and by the tree as the business clock has it. */
  get asker(): Asker {
    if (!this.caller) throw new Error('a resolver without a caller ran: the guard did not stand before it');
    return { caller: this.caller, now: this.services.staff.clock.now(), today: dayOf(this.now) };
  }

  /**
   * True once in a request: an operation may show one password or refresh token. Aliases would make a
   * thousand tries of one request.
   */
  takeTry(): boolean {
    const first = !this.passwordTried;
    this.passwordTried = true;
    return first;
  }
}

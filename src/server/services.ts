import type { Services } from '../../schema/context.js';
import { AccessTokens } from '../access/access-tokens.js';
import { elderFamilyRecords } from '../access/elder-family-records.js';
import type { FamilySignIn } from '../access/family-sign-in.js';
import { LoggedMessages } from '../access/logged-messages.js';
import type { SendsMessages } from '../access/messages.js';
import { Passwords } from '../access/passwords.js';
import { ReaderSightings } from '../access/reader-sightings.js';
import type { StaffAccess } from '../access/staff-access.js';
import { WebhookMessages } from '../access/webhook-messages.js';
import { AuditNotes } from '../audit-log/audit-notes.js';
import { AdmissionDesk } from '../beds/admission-desk.js';
import { elderBedDayRecords } from '../beds/bed-days/elder-bed-day-records.js';
import { emptyBedsBeforeClosing } from '../beds/beds-before-closing.js';
import { elderBedRecords } from '../beds/elder-bed-records.js';
import { elderWaitingRecords } from '../beds/elder-waiting-records.js';
import { endStaysAfterEnd } from '../beds/end-stays-after-end.js';
import type { Settings } from '../config/settings.js';
import { elderAssessmentRecords } from '../elders/elder-assessment-records.js';
import { elderNoticeRecords } from '../elders/notices/elder-notice-records.js';
import { TellingIntake } from '../meals/canteen-news.js';
import { CanteenTermsCache } from '../meals/canteen-terms.js';
import { callOffMealsAfterStay } from '../meals/deliveries/call-off-away-meals.js';
import { callOffMealsAfterEnd } from '../meals/deliveries/call-off-meals.js';
import { noDeliveriesBeforeClosing } from '../meals/deliveries/deliveries-before-closing.js';
import { elderDeliveryRecords } from '../meals/deliveries/elder-delivery-records.js';
import { elderMealRecords } from '../meals/elder-meal-records.js';
import { openReviewsAfterEnd } from '../meals/open-late-reviews.js';
import { ReaderLists } from '../meals/reader-lists/reader-lists.js';
import type { SwipeLimits } from '../meals/swipe.rules.js';
import { SwipeIntake, type SwipeIntakeOptions, type TakesSwipes } from '../meals/swipe-intake.js';
import { SwipeRecorder } from '../meals/swipe-recorder.js';
import { withdrawReviewsOfEnd } from '../meals/withdraw-reviews.js';
import { type Clock, systemClock } from '../shared/clock.js';
import type { Database, Engine } from '../shared/database.js';
import { IdBlocks } from '../shared/ids.js';
import { LiveBus } from '../shared/live/live-bus.js';
import { BookingIntake } from '../visits/bookings/booking-intake.js';
import { callOffAfterStay } from '../visits/call-off-away.js';
import { cancelVisitsAfterEnd } from '../visits/cancel-after-end.js';
import { CatalogCache, CrewCache } from '../visits/crew-cache.js';
import { elderCareRecords } from '../visits/elder-care-records.js';
import { elderHoursRecords } from '../visits/elder-hours-records.js';
import { elderVisitRecords } from '../visits/elder-visit-records.js';
import { visitWindows } from '../visits/elder-windows.js';
import { PlanRunner } from '../visits/plans/plan-runner.js';
import { RoadTimes, type RoadTimesOptions } from '../visits/road-times.js';
import { longerOf, straightLines, type TravelTimes } from '../visits/travel.js';
import { SlotsReader } from '../visits/visit-slots.js';
import { awaySpans, institutionStays, openReviewsAfterStay } from './institution-stays.js';
import type { Metrics } from './metrics.js';
import { PlannerThreads } from './planner-threads.js';
import { sessionKeysOf } from './session-keys.js';
import { snapshotSignerOf } from './snapshot-keys.js';

export interface ServicesOptions {
  settings: Settings;
  database: Database;
  clock: Clock;
  metrics: Metrics;
  /** Where swipes are handed in; an intake in this thread without it. */
  intake?: TakesSwipes;
  /** For bookings and free times, whose statements are fixed and may travel together; `database` without it. */
  bookingDatabase?: Database;
}

/** How large batches of swipes may grow, and how many may be under way. */
export type BatchLimits = Pick<SwipeIntakeOptions, 'batchSizeMax' | 'batchesMax'>;

/**
 * MySQL shares a round trip and a flush of its log, so its batches are large, and the next is made up while it
 * works. SQLite's writes take turns, and its small batches let the process answer some while others wait.
 */
export function batchLimits({ swipeBatchMax }: Settings, engine: Engine): BatchLimits {
  if (engine === 'mysql') return { batchSizeMax: swipeBatchMax || 256, batchesMax: 2 };
  return { batchSizeMax: swipeBatchMax || 64, batchesMax: 1 };
}

/** What the process holds for all requests, on a database that is open and migrated. */
export function createServices(options: ServicesOptions): Services {
  const { settings, database, clock, metrics } = options;
  const ids = new IdBlocks(database);
  const swipeLimits = swipeLimitsOf(settings);
  const canteenTerms = new CanteenTermsCache(database);
  const intake =
    options.intake ??
    new SwipeIntake({
      recorder: new SwipeRecorder({ database, ids, limits: swipeLimits, stays: institutionStays }),
      clock,
      ...batchLimits(settings, database.engine),
      onBatch(answers) {
        metrics.batchRecorded(answers.length);
        metrics.swipesAnswered(answers);
      },
    });
  const afterStays = [
    openReviewsAfterStay,
    callOffAfterStay(clock, awaySpans),
    callOffMealsAfterStay(clock, awaySpans),
  ];
  const live = new LiveBus();
  const { bookingDatabase = database } = options;
  for (const each of [database, bookingDatabase]) each.onAnnounced = (events) => live.publish(events);
  const crews = new CrewCache(database);
  const visitCatalog = new CatalogCache();
  for (const cache of [crews, visitCatalog]) live.watchedBy(cache);
  const sightings = new ReaderSightings(database);
  const auditNotes = new AuditNotes({ database, ids, clock: systemClock });
  const staff = staffAccess(settings, database);
  return {
    database,
    clock,
    ids,
    intake: new TellingIntake(intake, live),
    canteenTerms,
    readerLists: new ReaderLists({
      database,
      terms: canteenTerms,
      signer: snapshotSignerOf(settings),
      hours: settings.snapshotHours,
      refreshSeconds: settings.snapshotRefreshSeconds,
    }),
    swipeLimits,
    stays: institutionStays,
    awaySpans,
    sightings,
    readerKeyOverlapMinutes: settings.readerKeyOverlapMinutes,
    topUpFenMax: settings.topUpFenMax,
    live,
    liveWaitingMax: settings.liveWaitingMax,
    onLiveDropped: (count) => metrics.live.dropped.inc(count),
    personalRecords: [
      elderMealRecords,
      elderDeliveryRecords,
      elderFamilyRecords,
      elderVisitRecords,
      elderHoursRecords,
      elderCareRecords,
      elderAssessmentRecords,
      elderBedRecords,
      elderBedDayRecords,
      elderWaitingRecords,
      elderNoticeRecords,
    ],
    elderWindows: visitWindows,
    crews,
    visitCatalog,
    slots: new SlotsReader({
      read: bookingDatabase.read.bind(bookingDatabase),
      crew: crews.of,
      catalog: visitCatalog.of,
    }),
    bookings: new BookingIntake({ database: bookingDatabase, catalogOf: visitCatalog.of }),
    afterElderEnds: [
      endStaysAfterEnd(clock),
      openReviewsAfterEnd,
      cancelVisitsAfterEnd(clock),
      callOffMealsAfterEnd(clock),
    ],
    afterElderReopens: [withdrawReviewsOfEnd],
    afterStays,
    admissions: new AdmissionDesk({ database, afterStays }),
    beforeClosing: [emptyBedsBeforeClosing(clock), noDeliveriesBeforeClosing],
    elderRetentionDays: settings.elderRetentionDays,
    auditNotes,
    staff,
    travel: travelTimes(settings, metrics),
    planner: new PlanRunner({
      database,
      threads: new PlannerThreads({ threadsMax: settings.plannerThreads }),
      clock: systemClock,
      onEnd: (state) => metrics.planEnded(state),
    }),
    families: familySignIn(settings, staff),
  };
}

function travelTimes({ routingUrl: address }: Settings, metrics: Metrics): TravelTimes {
  if (address === '') return straightLines;
  const onFallback: RoadTimesOptions['onFallback'] = (reason, ways) => metrics.waysFellBack(reason, ways);
  return longerOf(new RoadTimes({ address, onFallback }), straightLines);
}

/** Longer than the counting takes on a server that is not overrun, and nobody notices it. */
const answerMsMin = 200;

function familySignIn(settings: Settings, access: StaffAccess): FamilySignIn {
  const { signInCodeMinutes: codeMinutes, signInCodeTries: triesPerCode } = settings;
  return { access, messages: messagesOf(settings), codeMinutes, triesPerCode, answerMsMin };
}

/** Without a webhook development logs its messages; production, whose log many may read, sends none. */
function messagesOf({
  nodeEnv,
  smsWebhookUrl: url,
  smsWebhookKey: key,
}: Settings): SendsMessages | undefined {
  if (url !== '') return new WebhookMessages({ url, key, clock: systemClock });
  return nodeEnv === 'production' ? undefined : new LoggedMessages();
}

function staffAccess(settings: Settings, database: Database): StaffAccess {
  const { accessTokenMinutes, sessionHours, triesPerAccount, triesPerAddress } = settings;
  const { temporaryPasswordHours, totpRoles } = settings;
  return {
    database,
    clock: systemClock,
    passwords: new Passwords(),
    accessTokens: new AccessTokens(sessionKeysOf(settings), accessTokenMinutes),
    terms: { sessionHours, triesPerAccount, triesPerAddress, temporaryPasswordHours, totpRoles },
  };
}

export function swipeLimitsOf(settings: Settings): SwipeLimits {
  const { liveSwipeAgeMinutesMax, offlineSwipeAgeDaysMax, clockSkewSecondsMax } = settings;
  return { liveSwipeAgeMinutesMax, offlineSwipeAgeDaysMax, clockSkewSecondsMax };
}

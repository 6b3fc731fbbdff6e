import { AccountResolver } from './access/account.resolver.js';
import { AuditLogResolver } from './access/audit-log.resolver.js';
import { ClockResolver } from './access/clock.resolver.js';
import { OwnAccountResolver } from './access/own-account.resolver.js';
import { ReaderResolver } from './access/reader.resolver.js';
import { RelativeResolver } from './access/relative.resolver.js';
import { SessionResolver } from './access/session.resolver.js';
import { GrantResolver, ViewerResolver } from './access/viewer.resolver.js';
import { AdmissionRuleResolver } from './beds/admission-rule.resolver.js';
import { BedResolver } from './beds/bed.resolver.js';
import { BedBoardNewsResolver } from './beds/bed-board-news.resolver.js';
import { BedEdgesResolver, BedStayEdgesResolver } from './beds/bed-edges.resolver.js';
import { BedStayResolver } from './beds/bed-stay.resolver.js';
import { BedSubsidyResolver } from './beds/bed-subsidy.resolver.js';
import { ElderStayResolver } from './beds/elder-stay.resolver.js';
import { FacilityBedsResolver } from './beds/facility-beds.resolver.js';
import { RoomResolver } from './beds/room.resolver.js';
import { TransferResolver } from './beds/transfer.resolver.js';
import { WaitlistResolver } from './beds/waitlist.resolver.js';
import { BedOfferEdgesResolver, WaitlistEdgesResolver } from './beds/waitlist-edges.resolver.js';
import { WaitlistNewsResolver } from './beds/waitlist-news.resolver.js';
import { WaitlistRuleResolver } from './beds/waitlist-rule.resolver.js';
import {
  AssessmentDueEdgesResolver,
  AssessmentResolver,
  ElderAbilityResolver,
} from './elders/assessment.resolver.js';
import { CityCategoryResolver } from './elders/city-category.resolver.js';
import { ElderResolver } from './elders/elder.resolver.js';
import { ElderContactsResolver } from './elders/elder-contacts.resolver.js';
import { ElderDoorResolver } from './elders/elder-door.resolver.js';
import { ElderFileResolver } from './elders/elder-file.resolver.js';
import { ElderIdentityResolver } from './elders/elder-identity.resolver.js';
import { AccountResolver as MealAccountResolver } from './meals/account.resolver.js';
import { CanteenResolver } from './meals/canteen.resolver.js';
import { CanteenDayNewsResolver } from './meals/canteen-day-news.resolver.js';
import { CardResolver } from './meals/card.resolver.js';
import { DeliveryResolver } from './meals/delivery.resolver.js';
import { DeliveryRunResolver } from './meals/delivery-run.resolver.js';
import { DeliveryTermsResolver } from './meals/delivery-terms.resolver.js';
import { DisputeResolver } from './meals/dispute.resolver.js';
import { ElderCardResolver } from './meals/elder-card.resolver.js';
import { FlagThresholdResolver } from './meals/flag-threshold.resolver.js';
import { FraudFlagResolver } from './meals/fraud-flag.resolver.js';
import { GapResolver } from './meals/gap.resolver.js';
import { ReaderSnapshotResolver } from './meals/reader-snapshot.resolver.js';
import { ReviewResolver } from './meals/review.resolver.js';
import { RuleSetResolver } from './meals/rule-set.resolver.js';
import { StatementResolver } from './meals/statement.resolver.js';
import { StatementStepResolver } from './meals/statement-step.resolver.js';
import { SubsidyQuestionResolver } from './meals/subsidy-question.resolver.js';
import { SwipeResolver } from './meals/swipe.resolver.js';
import { TrialBalanceResolver } from './meals/trial-balance.resolver.js';
import { FacilityResolver } from './network/facility.resolver.js';
import { FacilityEdgesResolver } from './network/facility-edges.resolver.js';
import { NetworkRollupResolver } from './network/network-rollup.resolver.js';
import { CareRecordResolver } from './visits/care-record.resolver.js';
import { CaregiverChangesResolver } from './visits/caregiver-changes.resolver.js';
import { DoorTagResolver } from './visits/door-tag.resolver.js';
import { ElderVisitsResolver } from './visits/elder-visits.resolver.js';
import { FamilyPaymentResolver } from './visits/family-payment.resolver.js';
import { HoursResolver } from './visits/hours.resolver.js';
import { HoursRuleResolver } from './visits/hours-rule.resolver.js';
import { PlanChangeResolver, PlanResolver } from './visits/plan.resolver.js';
import { PlanNewsResolver } from './visits/plan-news.resolver.js';
import { PlanningSettingResolver } from './visits/planning-setting.resolver.js';
import { RosterResolver } from './visits/roster.resolver.js';
import { ServiceCatalogResolver } from './visits/service-catalog.resolver.js';
import { ServiceItemsResolver } from './visits/service-items.resolver.js';
import { VisitResolver } from './visits/visit.resolver.js';
import { CareAlertResolver, VisitAlertResolver } from './visits/visit-alert.resolver.js';
import { TakeOverProposalResolver, VisitAtRiskResolver } from './visits/visit-at-risk.resolver.js';
import { VisitAtStayResolver } from './visits/visit-at-stay.resolver.js';
import { VisitBookingResolver } from './visits/visit-booking.resolver.js';
import { VisitCareResolver } from './visits/visit-care.resolver.js';
import { VisitCareTermsResolver } from './visits/visit-care-terms.resolver.js';
import { VisitChangesResolver } from './visits/visit-changes.resolver.js';
import { VisitDueResolver } from './visits/visit-due.resolver.js';
import { CaregiverEdgesResolver, VisitEdgesResolver } from './visits/visit-edges.resolver.js';
import { VisitEvidenceResolver } from './visits/visit-evidence.resolver.js';
import { VisitNewsResolver } from './visits/visit-news.resolver.js';
import { VisitObjectionEdgeResolver, VisitObjectionResolver } from './visits/visit-objection.resolver.js';
import { CaregiverRatingEdgesResolver, VisitRatingResolver } from './visits/visit-rating.resolver.js';
import { VisitSlotsResolver } from './visits/visit-slots.resolver.js';
import { VisitTermsResolver } from './visits/visit-terms.resolver.js';

/** Resolvers are made by the graph itself, once each, and hold nothing. */
export type ResolverClass = new () => object;

/** Every resolver of the graph, area by area; what is not listed here is not in the schema. */
export const resolvers: readonly [ResolverClass, ...ResolverClass[]] = [
  FacilityEdgesResolver,
  FacilityResolver,
  NetworkRollupResolver,
  ElderResolver,
  ElderFileResolver,
  CityCategoryResolver,
  ElderIdentityResolver,
  ElderDoorResolver,
  ElderContactsResolver,
  CanteenResolver,
  CanteenDayNewsResolver,
  DeliveryTermsResolver,
  DeliveryResolver,
  DeliveryRunResolver,
  CardResolver,
  ElderCardResolver,
  RuleSetResolver,
  SubsidyQuestionResolver,
  SwipeResolver,
  ReaderSnapshotResolver,
  ReviewResolver,
  FraudFlagResolver,
  FlagThresholdResolver,
  GapResolver,
  MealAccountResolver,
  TrialBalanceResolver,
  StatementResolver,
  StatementStepResolver,
  DisputeResolver,
  ElderVisitsResolver,
  VisitResolver,
  VisitEdgesResolver,
  CaregiverEdgesResolver,
  VisitSlotsResolver,
  VisitChangesResolver,
  PlanResolver,
  PlanChangeResolver,
  PlanNewsResolver,
  PlanningSettingResolver,
  VisitAtRiskResolver,
  TakeOverProposalResolver,
  VisitNewsResolver,
  ServiceCatalogResolver,
  HoursRuleResolver,
  HoursResolver,
  RosterResolver,
  CaregiverChangesResolver,
  VisitBookingResolver,
  FamilyPaymentResolver,
  VisitAtStayResolver,
  VisitDueResolver,
  VisitCareResolver,
  VisitCareTermsResolver,
  VisitTermsResolver,
  VisitEvidenceResolver,
  VisitAlertResolver,
  CareAlertResolver,
  CareRecordResolver,
  DoorTagResolver,
  VisitObjectionResolver,
  VisitObjectionEdgeResolver,
  VisitRatingResolver,
  CaregiverRatingEdgesResolver,
  ServiceItemsResolver,
  BedStayResolver,
  BedResolver,
  BedEdgesResolver,
  BedStayEdgesResolver,
  RoomResolver,
  AdmissionRuleResolver,
  BedSubsidyResolver,
  BedBoardNewsResolver,
  WaitlistNewsResolver,
  WaitlistRuleResolver,
  TransferResolver,
  ElderStayResolver,
  FacilityBedsResolver,
  WaitlistResolver,
  WaitlistEdgesResolver,
  AssessmentResolver,
  AssessmentDueEdgesResolver,
  ElderAbilityResolver,
  BedOfferEdgesResolver,
  AuditLogResolver,
  ClockResolver,
  ReaderResolver,
  ViewerResolver,
  GrantResolver,
  SessionResolver,
  RelativeResolver,
  AccountResolver,
  OwnAccountResolver,
];

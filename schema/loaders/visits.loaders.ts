import DataLoader from 'dataloader';
import type { HomeService } from '../../entities/visits/home-service.entity.js';
import { dayOf } from '../../src/shared/china-time.js';
import { type Certificate, certificatesOf } from '../../src/visits/caregiver-skills.js';
import {
  type Agreement,
  agreementsOf,
  type CancelledBy,
  cancellersOf,
  historiesOf,
  type Step,
} from '../../src/visits/find-agreements.js';
import {
  caregiversById,
  caregiversOfVisits,
  type FoundCaregiver,
  skillsOfCaregivers,
} from '../../src/visits/find-caregivers.js';
import { type FamilyPaymentFound, paymentsOfVisits } from '../../src/visits/find-payments.js';
import { servicesById } from '../../src/visits/find-services.js';
import {
  countVisitsOfElders,
  type FoundVisit,
  findVisits,
  type VisitPage,
  type VisitSpan,
  visitsOfElders,
} from '../../src/visits/find-visits.js';
import type { Context } from '../context.js';
import { batchSizeMax, type GroupedLoader, groupedLoader } from './grouped-loader.js';

export interface VisitsLoaders {
  /** A page of each elder's visits, as far as the caller sees them. */
  visitsByElder: GroupedLoader<VisitPage, FoundVisit[]>;
  visitsByElderCount: GroupedLoader<VisitSpan, number>;
  /** Who brings a visit, the first to come at the head. */
  caregiversByVisit: DataLoader<number, FoundCaregiver[]>;
  caregiverById: DataLoader<number, FoundCaregiver>;
  agreementByVisit: DataLoader<number, Agreement | undefined>;
  historyByVisit: DataLoader<number, Step[]>;
  /** Who called a visit off; null for one that was not. */
  cancellerByVisit: DataLoader<number, CancelledBy | null>;
  skillsByCaregiver: DataLoader<number, string[]>;
  /** Every skill of a caregiver, expired ones too. */
  certificatesByCaregiver: DataLoader<number, Certificate[]>;
  homeServiceById: DataLoader<number, HomeService>;
  /** What the family paid for a visit. */
  paymentsByVisit: DataLoader<number, FamilyPaymentFound[]>;
  /** A visit that a plan names, as far as the caller sees it. */
  plannedVisitById: DataLoader<number, FoundVisit>;
}

/** Edges to visits and to what hangs on them: one statement each, however many elders or visits. */
export function visitsLoaders(context: Context): VisitsLoaders {
  const { database } = context;
  const today = dayOf(context.now);
  return {
    visitsByElder: groupedLoader((elderIds, page: VisitPage) => {
      const reach = context.visitReachFor('Elder.visits');
      return database.read((manager) => visitsOfElders(manager, elderIds, page, reach, today));
    }),
    visitsByElderCount: groupedLoader((elderIds, span: VisitSpan) => {
      const reach = context.visitReachFor('Elder.visits');
      return database.read((manager) => countVisitsOfElders(manager, elderIds, span, reach, today));
    }),
    caregiversByVisit: new DataLoader(
      async (visitIds: readonly number[]) => {
        const caregivers = await database.read((manager) => caregiversOfVisits(manager, visitIds));
        return visitIds.map((id) => caregivers.get(id) ?? []);
      },
      { maxBatchSize: batchSizeMax },
    ),
    caregiverById: new DataLoader(
      async (ids: readonly number[]) => {
        const caregivers = await database.read((manager) => caregiversById(manager, ids));
        return ids.map((id) => caregivers.get(id) ?? new Error(`there is no caregiver ${id}`));
      },
      { maxBatchSize: batchSizeMax },
    ),
    agreementByVisit: new DataLoader(
      async (visitIds: readonly number[]) => {
        const agreements = await database.read((manager) => agreementsOf(manager, visitIds));
        return visitIds.map((id) => agreements.get(id));
      },
      { maxBatchSize: batchSizeMax },
    ),
    historyByVisit: new DataLoader(
      async (visitIds: readonly number[]) => {
        const histories = await database.read((manager) => historiesOf(manager, visitIds));
        return visitIds.map((id) => histories.get(id) ?? []);
      },
      { maxBatchSize: batchSizeMax },
    ),
    cancellerByVisit: new DataLoader(
      async (visitIds: readonly number[]) => {
        const cancellers = await database.read((manager) => cancellersOf(manager, visitIds));
        return visitIds.map((id) => cancellers.get(id) ?? null);
      },
      { maxBatchSize: batchSizeMax },
    ),
    skillsByCaregiver: new DataLoader(
      async (caregiverIds: readonly number[]) => {
        const skills = await database.read((manager) => skillsOfCaregivers(manager, caregiverIds, today));
        return caregiverIds.map((id) => skills.get(id) ?? []);
      },
      { maxBatchSize: batchSizeMax },
    ),
    certificatesByCaregiver: new DataLoader(
      async (caregiverIds: readonly number[]) => {
        const certificates = await database.read((manager) => certificatesOf(manager, caregiverIds));
        return caregiverIds.map((id) => certificates.get(id) ?? []);
      },
      { maxBatchSize: batchSizeMax },
    ),
    paymentsByVisit: new DataLoader(
      async (visitIds: readonly number[]) => {
        const payments = await database.read((manager) => paymentsOfVisits(manager, visitIds));
        return visitIds.map((id) => payments.get(id) ?? []);
      },
      { maxBatchSize: batchSizeMax },
    ),
    homeServiceById: new DataLoader(
      async (ids: readonly number[]) => {
        const services = await database.read((manager) => servicesById(manager, ids));
        return ids.map((id) => services.get(id) ?? new Error(`there is no service ${id}`));
      },
      { maxBatchSize: batchSizeMax },
    ),
    plannedVisitById: new DataLoader(
      async (ids: readonly number[]) => {
        const reach = context.visitReachFor('visit');
        const visits = await database.read((manager) => findVisits(manager, ids, reach, today));
        const byId = new Map(visits.map((visit) => [visit.id, visit]));
        return ids.map((id) => byId.get(id) ?? new Error(`visit ${id} is out of reach`));
      },
      { maxBatchSize: batchSizeMax },
    ),
  };
}

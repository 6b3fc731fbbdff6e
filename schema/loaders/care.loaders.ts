import DataLoader from 'dataloader';
import type { MeasurementKind } from '../../entities/visits/care-measurement.entity.js';
import { dayOf } from '../../src/shared/china-time.js';
import type { Text } from '../../src/shared/text.js';
import { type LimitInForce, type LimitsAsked, limitsOfElders } from '../../src/visits/care-limits.js';
import { evidenceNotes } from '../../src/visits/decide-evidence.js';
import {
  type CarePage,
  type FoundMeasurement,
  type FoundNote,
  measurementsOfElders,
  notesOfElders,
} from '../../src/visits/find-care.js';
import { checksOfVisits, type FoundCheck } from '../../src/visits/find-checks.js';
import { type FoundObjection, objectionsOf } from '../../src/visits/find-objections.js';
import { type FoundVisit, findVisits } from '../../src/visits/find-visits.js';
import { type FoundRating, ratingsOf } from '../../src/visits/rate-visit.js';
import { itemsOfServices } from '../../src/visits/service-items.js';
import type { Context } from '../context.js';
import { batchSizeMax, type GroupedLoader, groupedLoader } from './grouped-loader.js';

export interface CareLoaders {
  /** Whoever asks: for edges of what the caller may see already. */
  visitById: DataLoader<number, FoundVisit>;
  checksByVisit: DataLoader<number, FoundCheck[]>;
  evidenceNoteByVisit: DataLoader<number, string | null>;
  ratingByVisit: DataLoader<number, FoundRating | null>;
  objectionByVisit: DataLoader<number, FoundObjection | null>;
  itemsByService: DataLoader<number, Text[]>;
  careNotesByElder: GroupedLoader<CarePage, FoundNote[]>;
  measurementsByElder: GroupedLoader<CarePage & { kind?: MeasurementKind | undefined }, FoundMeasurement[]>;
  careLimitsByElder: DataLoader<LimitsAsked, LimitInForce[], number>;
}

/** Edges to what was tapped, measured and said at visits: a fixed number of statements each. */
export function careLoaders(context: Context): CareLoaders {
  const { database } = context;
  const everywhere = { stations: 'everywhere', elderIds: [], own: { accountId: 0, stations: [] } } as const;
  return {
    visitById: new DataLoader(
      async (ids: readonly number[]) => {
        const visits = await database.read((manager) =>
          findVisits(manager, ids, everywhere, dayOf(context.now)),
        );
        const byId = new Map(visits.map((visit) => [visit.id, visit]));
        return ids.map((id) => byId.get(id) ?? new Error(`no visit ${id}`));
      },
      { maxBatchSize: batchSizeMax },
    ),
    checksByVisit: new DataLoader(
      async (ids: readonly number[]) => {
        const checks = await database.read((manager) => checksOfVisits(manager, ids));
        return ids.map((id) => checks.get(id) ?? []);
      },
      { maxBatchSize: batchSizeMax },
    ),
    evidenceNoteByVisit: new DataLoader(
      async (ids: readonly number[]) => {
        const notes = await database.read((manager) => evidenceNotes(manager, ids));
        return ids.map((id) => notes.get(id) ?? null);
      },
      { maxBatchSize: batchSizeMax },
    ),
    ratingByVisit: new DataLoader(
      async (ids: readonly number[]) => {
        const ratings = await database.read((manager) => ratingsOf(manager, ids));
        return ids.map((id) => ratings.get(id) ?? null);
      },
      { maxBatchSize: batchSizeMax },
    ),
    objectionByVisit: new DataLoader(
      async (ids: readonly number[]) => {
        const objections = await database.read((manager) => objectionsOf(manager, ids));
        return ids.map((id) => objections.get(id) ?? null);
      },
      { maxBatchSize: batchSizeMax },
    ),
    itemsByService: new DataLoader(
      async (ids: readonly number[]) => {
        const items = await database.read((manager) => itemsOfServices(manager, ids));
        return ids.map((id) => items.get(id) ?? []);
      },
      { maxBatchSize: batchSizeMax },
    ),
    careNotesByElder: groupedLoader((ids, page: CarePage) =>
      database.read((manager) => notesOfElders(manager, ids, page)),
    ),
    measurementsByElder: groupedLoader((ids, page: CarePage & { kind?: MeasurementKind | undefined }) =>
      database.read((manager) => measurementsOfElders(manager, ids, page)),
    ),
    careLimitsByElder: new DataLoader(
      async (asked: readonly LimitsAsked[]) => {
        const limits = await database.read((manager) => limitsOfElders(manager, asked, dayOf(context.now)));
        return asked.map(({ elderId }) => [...(limits.get(elderId)?.values() ?? [])]);
      },
      { maxBatchSize: batchSizeMax, cacheKeyFn: ({ elderId }) => elderId },
    ),
  };
}

import type { Day } from '../shared/china-time.js';
import type { Database } from '../shared/database.js';
import { type Crew, readCrew } from './free-caregivers.js';
import { type Catalog, type CatalogReader, readCatalog } from './station-catalog.js';

/** Spans of days that are kept at once: a month of a station is a megabyte. */
const keptMax = 100;

/** The same of services, stations and terms: by station and service. */
export class CatalogCache {
  private readonly kept = new Map<string, { catalog: Promise<Catalog | undefined>; atMs: number }>();

  constructor(private readonly ageMsMax = 1000) {}

  of: CatalogReader = (manager, question) => {
    const { stationId, service, today } = question;
    const key = `${stationId} ${service.column} ${service.values.join()} ${today}`;
    const nowMs = performance.now();
    const known = this.kept.get(key);
    if (known && nowMs - known.atMs <= this.ageMsMax) return known.catalog;
    if (this.kept.size >= keptMax) this.kept.clear();
    const catalog = readCatalog(manager, question);
    this.kept.set(key, { catalog, atMs: nowMs });
    catalog.catch(() => this.kept.delete(key));
    return catalog;
  };
}

/**
 * What was read of stations lately, kept for a second: many families ask for the free times of one station, and its
 * thousands of visits need not be read for each. What it answers is an offer: every booking looks again under lock. Of what
 * this server changed itself it forgets at once.
 */
export class CrewCache {
  private readonly kept = new Map<string, { crew: Promise<Crew>; atMs: number; stationId: number }>();

  constructor(
    private readonly database: Database,
    private readonly ageMsMax = 1000,
  ) {}

  of = (stationId: number, from: Day, to: Day): Promise<Crew> => {
    const key = `${stationId} ${from} ${to}`;
    const nowMs = performance.now();
    const known = this.kept.get(key);
    if (known && nowMs - known.atMs <= this.ageMsMax) return known.crew;
    for (const [old, { atMs }] of this.kept) if (nowMs - atMs > this.ageMsMax) this.kept.delete(old);
    if (this.kept.size >= keptMax) this.kept.clear();
    const crew = this.database.read((manager) => readCrew(manager, { stationIds: [stationId], from, to }));
    this.kept.set(key, { crew, atMs: nowMs, stationId });
    // A failure is told to whoever waits for it, and kept for nobody.
    crew.catch(() => this.kept.delete(key));
    return crew;
  };

  /** A roster, or the visits, of a station changed; of any station without a number. */
  forget(stationId?: number): void {
    for (const [key, kept] of this.kept) {
      if (stationId === undefined || kept.stationId === stationId) this.kept.delete(key);
    }
  }
}

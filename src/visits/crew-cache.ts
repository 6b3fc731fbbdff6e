import type { Day } from '../shared/china-time.js';
import type { Database } from '../shared/database.js';
import type { LiveEvent } from '../shared/live/live-event.js';
import { type Crew, readCrew } from './free-caregivers.js';
import { catalogChanged, rosterOfStation } from './planning-news.js';
import { type Catalog, type CatalogReader, readCatalog } from './station-catalog.js';
import { visitsOfStation } from './visit-news.js';

/** Spans of days that are kept at once: a month of a station is a megabyte. */
const keptMax = 100;

/** Services, stations and terms that were read lately, kept for a second, by station and service. */
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

  /** Forgets what the event says is not so any more. */
  hear = ({ topic }: LiveEvent): void => {
    if (topic === catalogChanged.name) this.forget();
  };

  forget(): void {
    this.kept.clear();
  }
}

interface KeptCrew {
  crew: Promise<Crew>;
  atMs: number;
  /** What tells that it is not so any more. */
  topics: readonly string[];
}

/**
 * What was read of stations lately, kept for a second: many families ask for the free times of one station, and its
 * thousands of visits need not be read for each. What it answers is an offer: every booking looks again under lock, and
 * never here. Of every committed change of a visit, a roster, a skill or an absence it hears at once, of those on other
 * servers as fast as they are carried; the second is for what nobody tells, such as a door that was placed anew.
 */
export class CrewCache {
  private readonly kept = new Map<string, KeptCrew>();

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
    const crew = this.database.read((manager) =>
      readCrew(manager, { stationIds: [stationId], during: [{ from, to }] }),
    );
    const topics = [visitsOfStation(stationId).name, rosterOfStation(stationId).name];
    this.kept.set(key, { crew, atMs: nowMs, topics });
    // A failure is told to whoever waits for it, and kept for nobody.
    crew.catch(() => this.kept.delete(key));
    return crew;
  };

  /** Forgets what the event says is not so any more. */
  hear = ({ topic }: LiveEvent): void => {
    for (const [key, { topics }] of this.kept) if (topics.includes(topic)) this.kept.delete(key);
  };

  forget(): void {
    this.kept.clear();
  }
}

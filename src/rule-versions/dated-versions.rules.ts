import type { VersionStatus } from '../../entities/rule-version.js';
import type { Day } from '../shared/china-time.js';
import { type Refusal, refuse } from '../shared/refusal.js';

/** A version by its number and its days, [fromDay, toDay). */
export interface DatedVersion {
  version: number;
  fromDay: Day;
  toDay: Day | null;
}

/** Of the versions of a code, all approved, the one that began last by a day, unless it has ended. */
export function versionOn<Version extends DatedVersion>(
  versions: Iterable<Version>,
  day: Day,
): Version | undefined {
  let latest: Version | undefined;
  for (const version of versions) {
    if (version.fromDay <= day && (!latest || isLater(version, latest))) latest = version;
  }
  return latest && (latest.toDay === null || day < latest.toDay) ? latest : undefined;
}

/**
 * One version of each set that has one at a place, from the top of the tree down, and at one place in the order of
 * the codes, whatever the order in which they are given.
 *
 * @param places the facility and everything above it, from the root down
 * @param choose which of the versions of a code counts
 */
export function versionsAt<Version extends { code: string; facilityId: number }>(
  versions: Iterable<Version>,
  places: readonly number[],
  choose: (ofCode: readonly Version[]) => Version | undefined,
): Version[] {
  const byCode = new Map<string, Version[]>();
  for (const version of versions) {
    if (!places.includes(version.facilityId)) continue;
    const ofCode = byCode.get(version.code);
    if (ofCode) ofCode.push(version);
    else byCode.set(version.code, [version]);
  }
  const depth = ({ facilityId }: Version) => places.indexOf(facilityId);
  return [...byCode.values()]
    .flatMap((ofCode) => choose(ofCode) ?? [])
    .sort((one, other) => depth(one) - depth(other) || (one.code < other.code ? -1 : 1));
}

/** Versions that begin on one day follow each other by their numbers. */
export function isLater(one: DatedVersion, other: DatedVersion): boolean {
  return one.fromDay === other.fromDay ? one.version > other.version : one.fromDay > other.fromDay;
}

/**
 * A version that would begin before an approved one does, and last into it, would be cut off by it without
 * anybody having said so; one that would begin on the day of another that counts already would change what was.
 * Undefined when there is none of either.
 */
export function overlapWith(
  versions: readonly (DatedVersion & { status: VersionStatus })[],
  { fromDay, toDay }: Pick<DatedVersion, 'fromDay' | 'toDay'>,
  today: Day,
): Refusal<'VERSIONS_OVERLAP'> | undefined {
  const later = versions.filter(
    (version) =>
      version.status === 'APPROVED' &&
      (version.fromDay > fromDay || (version.fromDay === fromDay && fromDay <= today)) &&
      (toDay === null || version.fromDay < toDay),
  );
  if (later.length === 0) return undefined;
  const numbers = later.map(({ version }) => version).join(', ');
  const text = { zh: `与版本 ${numbers} 的日期重叠`, en: `Its days overlap those of version ${numbers}` };
  return refuse('VERSIONS_OVERLAP', text, ['fromDay']);
}

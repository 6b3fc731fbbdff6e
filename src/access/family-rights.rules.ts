import { type FamilyRight, familyRights } from '../../entities/access/access-grant.entity.js';

/** Rights as a column holds them: each once, in one order, with blanks between them. */
export function storedRights(rights: readonly FamilyRight[]): string {
  return familyRights.filter((right) => rights.includes(right)).join(' ');
}

/** The rights that a column holds; a word that is none counts for nothing. */
export function rightsIn(stored: string | null): FamilyRight[] {
  const words = (stored ?? '').split(' ');
  return familyRights.filter((right) => words.includes(right));
}

/** What a relative may do, and until when. */
export interface Extent {
  rights: readonly FamilyRight[];
  untilAt: Date;
}

/** Those of `wanted` that somebody with `held` cannot pass on. */
export function rightsBeyond(
  wanted: readonly FamilyRight[],
  held: readonly FamilyRight[],
): readonly FamilyRight[] {
  return wanted.filter((right) => !held.includes(right));
}

/** What is left of an extent beneath one that became smaller; undefined when nothing changes. */
export function cutTo(extent: Extent, limit: Extent): Extent | undefined {
  const rights = extent.rights.filter((right) => limit.rights.includes(right));
  const untilAt = extent.untilAt <= limit.untilAt ? extent.untilAt : limit.untilAt;
  if (rights.length === extent.rights.length && untilAt === extent.untilAt) return undefined;
  return { rights, untilAt };
}

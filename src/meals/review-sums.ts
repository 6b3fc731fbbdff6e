/**
 * SQL that joins to a swipe its `swipe_review r`, and the funder `bearer` that one was decided to be borne by. Nothing
 * is looked for beside a swipe that has no review.
 */
export function joinedReview(swipeAlias: string): string {
  return `LEFT JOIN swipe_review r ON ${reviewOf(swipeAlias)}
       LEFT JOIN funder bearer ON bearer.id = r.funderId`;
}

/** An SQL condition that joins `swipe_review r` to a swipe, and looks for none of a swipe that has none. */
export function reviewOf(swipeAlias: string): string {
  return `r.id = CASE WHEN ${swipeAlias}.outcome = 'RECORDED_FOR_REVIEW' THEN ${swipeAlias}.id END`;
}

/** What of a price each side bears: levels of government, the canteen or a donor, or the elder. */
export type SideColumn = 'subsidyFen' | 'discountFen' | 'selfPaidFen';

/** True of a decision that gave the price to this side; what a donor bears is a discount, as it is of a swipe. */
const decidedFor: Readonly<Record<SideColumn, string>> = {
  subsidyFen: "r.bornBy = 'FUNDER' AND COALESCE(bearer.level, '') <> 'DONOR'",
  discountFen: "r.bornBy = 'CANTEEN' OR bearer.level = 'DONOR'",
  selfPaidFen: "r.bornBy = 'ELDER'",
};

/**
 * What one side bears of a swipe, as an SQL value: what the swipe says, until a decision gave the whole price to
 * somebody. It stands behind `joinedReview`.
 */
export function bornFen(swipeAlias: string, column: SideColumn): string {
  return `CASE WHEN r.bornBy IS NULL THEN ${swipeAlias}.${column}
                 WHEN ${decidedFor[column]} THEN ${swipeAlias}.grossFen ELSE 0 END`;
}

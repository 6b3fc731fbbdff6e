import type { Month } from '../shared/month.js';

/**
 * The first month whose bookings a canteen's draft of `month` may hold, by its statements of this and earlier months.
 *
 * What is booked in a month is a line of it, or, when it came after the submission, of a later one. So a draft begins with
 * its own month, or with an earlier one that was given back and set free what it held; and before that with the last month
 * that was submitted, for which something could come until the one after it was submitted.
 */
export function draftBegin(
  month: Month,
  statements: readonly { month: Month; isSubmitted: boolean }[],
): Month {
  const earlier = statements.filter((statement) => statement.month < month);
  const givenBack = earlier.filter(({ isSubmitted }) => !isSubmitted).map((statement) => statement.month);
  const open = [month, ...givenBack].sort()[0] ?? month;
  const submitted = earlier.filter((statement) => statement.isSubmitted && statement.month < open);
  return (
    submitted
      .map((statement) => statement.month)
      .sort()
      .at(-1) ?? open
  );
}

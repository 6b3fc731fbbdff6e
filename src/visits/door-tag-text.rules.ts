/** What every text of a tag begins with, so that a device that reads another code can say so at once. */
export const tagTextPrefix = 'YLDOOR-';

/** Longer than any text of ours. */
export const tagTextMax = 100;

import { webAddress, wholeNumber } from './setting-values.js';

/** What an operator sets for visits; rows of the one table of settings. */
export const visitSettings = {
  ROUTING_URL: {
    default: '',
    description:
      'Where a server that answers as OSRM’s table service does tells how long ways take; straight lines without it.',
    schema: webAddress(),
  },
  PLANNER_THREADS: {
    default: '1',
    description:
      'How many plans of visits one server searches for at the same time, each on a core of its own.',
    schema: wholeNumber(1, 64),
  },
};

import type { Context } from '../context.js';
import { accessLoaders } from './access.loaders.js';
import { bedsLoaders } from './beds.loaders.js';
import { careLoaders } from './care.loaders.js';
import { eldersLoaders } from './elders.loaders.js';
import { mealsLoaders } from './meals.loaders.js';
import { networkLoaders } from './network.loaders.js';
import { visitsLoaders } from './visits.loaders.js';

/** The loaders of one request, one group for each area; a name is given once among all areas. */
export function createLoaders(context: Context) {
  return {
    ...accessLoaders(context),
    ...networkLoaders(context),
    ...eldersLoaders(context),
    ...mealsLoaders(context),
    ...visitsLoaders(context),
    ...careLoaders(context),
    ...bedsLoaders(context),
  };
}

export type Loaders = ReturnType<typeof createLoaders>;

import type { DiningMode, MenuKind } from '../entities/meals/swipe.entity.js';

/** The order in which a key goes through them. The tables' own lists would bring all of TypeORM along. */
export const diningModes = ['DINE_IN', 'TAKE_AWAY', 'DELIVERY'] as const satisfies readonly DiningMode[];
export const menuKinds = ['SET_MEAL', 'A_LA_CARTE', 'SPECIAL_DIET'] as const satisfies readonly MenuKind[];

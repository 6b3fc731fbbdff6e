export { NetworkEldersMealsAccess1763800000000 } from './1763800000000-network-elders-meals-access.js';
export { Readers1764000400000 } from './1764000400000-readers.js';

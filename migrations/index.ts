export { NetworkEldersMealsAccess1763800000000 } from './1763800000000-network-elders-meals-access.js';

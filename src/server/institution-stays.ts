import { type InstitutionStays, noStays } from '../elders/institution-stays.js';

/**
 * Who lives in an institution, for every place of the server that asks: swipes in their own thread and in this one,
 * explanations, previews and signs of fraud. Until beds keep stays nobody does; whoever keeps them is named here.
 */
export const institutionStays: InstitutionStays = noStays;

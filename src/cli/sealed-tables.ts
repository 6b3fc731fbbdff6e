import { sealedPhones } from '../access/family-phone.js';
import { sealedTotp } from '../access/totp-secrets.js';
import { sealedOfferReasons } from '../beds/answer-offer.js';
import { sealedPasses } from '../beds/next-in-line.js';
import { sealedTransferAnswers } from '../beds/read-transfers.js';
import { sealedStayNotes } from '../beds/write-stay.js';
import { sealedContacts } from '../elders/elder-contacts.js';
import { sealedDoors } from '../elders/elder-door.js';
import { sealedAssessments } from '../elders/read-assessments.js';
import { sealedIdentities } from '../elders/sealed-fields.js';
import { sealedDeliveryReasons } from '../meals/deliveries/delivery-reason.js';
import { sealedHeirs } from '../meals/heirs.js';
import type { SealedTable } from '../shared/rotate-keys.js';
import { sealedVisitReasons } from '../visits/change-visit.js';
import { sealedCareTables } from '../visits/sealed-care.js';
import { sealedVisitNotes } from '../visits/visit-note.js';

/** Every table with encrypted values: a key is given up only when none of them needs it. */
export const sealedTables: readonly SealedTable[] = [
  sealedIdentities,
  sealedTotp,
  sealedPhones,
  sealedHeirs,
  sealedDoors,
  sealedDeliveryReasons,
  sealedContacts,
  ...sealedAssessments,
  sealedVisitReasons,
  ...sealedCareTables,
  sealedVisitNotes,
  sealedStayNotes,
  sealedTransferAnswers,
  sealedOfferReasons,
  sealedPasses,
];

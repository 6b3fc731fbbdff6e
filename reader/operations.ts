import { z } from 'zod';
import type { SwipeOutcome } from '../entities/meals/swipe.entity.js';
import type { Operation } from './server-client.js';
import type { StoredTap } from './tap-store.js';

const receiptShape = z.object({
  serial: z.string(),
  elderName: z.string(),
  mealDate: z.string(),
  meal: z.enum(['BREAKFAST', 'LUNCH', 'DINNER']),
  subsidyFen: z.number(),
  discountFen: z.number(),
  selfPaidFen: z.number(),
  balanceFen: z.number(),
  gave: z.array(z.object({ rule: z.string(), fen: z.number() })),
});
export type Receipt = z.infer<typeof receiptShape>;

/** An outcome of a later version is none that this one knows what to do with. */
const outcomes = [
  'INPUT_MALFORMED',
  'SWIPE_ID_REUSED',
  'READER_NOT_ACTIVE',
  'CLOCK_OUT_OF_RANGE',
  'CARD_UNKNOWN',
  'CARD_NOT_ACTIVE',
  'ELDER_NOT_ACTIVE',
  'MEAL_NOT_SERVED',
  'MEAL_ALREADY_TAKEN',
  'PRICE_OUT_OF_RANGE',
  'INSUFFICIENT_BALANCE',
  'RECORDED_FOR_REVIEW',
  'ACCEPTED',
] as const satisfies readonly SwipeOutcome[];

const swipeShape = z.object({
  swipeId: z.string(),
  outcome: z.enum(outcomes),
  /** What of the tap is at fault. */
  field: z.string().nullable(),
  receipt: receiptShape.nullable(),
});
export type SwipeAnswer = z.infer<typeof swipeShape>;

const swipeFields = `swipeId outcome field
  receipt { serial elderName mealDate meal subsidyFen discountFen selfPaidFen balanceFen gave { rule fen } }`;

export const recordSwipes: Operation<{ recordSwipes: SwipeAnswer[] }> = {
  query: `mutation ReaderSwipes($inputs: [SwipeInput!]!) { recordSwipes(inputs: $inputs) { ${swipeFields} } }`,
  shape: z.object({ recordSwipes: z.array(swipeShape) }),
};

export const recordSwipe: Operation<{ recordSwipe: SwipeAnswer }> = {
  query: `mutation ReaderSwipe($input: SwipeInput!) { recordSwipe(input: $input) { ${swipeFields} } }`,
  shape: z.object({ recordSwipe: swipeShape }),
};

const facilityShape = z.object({ id: z.string(), code: z.string(), name: z.string() });

export const whoAmI: Operation<{
  viewer: {
    id: string;
    lastSequence: number | null;
    grants: { role: string; facility: z.infer<typeof facilityShape> | null }[];
  };
}> = {
  query: 'query ReaderViewer { viewer { id lastSequence grants { role facility { id code name } } } }',
  shape: z.object({
    viewer: z.object({
      id: z.string(),
      lastSequence: z.number().nullable(),
      grants: z.array(z.object({ role: z.string(), facility: facilityShape.nullable() })),
    }),
  }),
};

const pageShape = z.object({ __typename: z.literal('ReaderSnapshot'), page: z.string() });
const pageRefusalShape = z.object({
  __typename: z.literal('ReaderSnapshotRefusal'),
  code: z.string(),
  message: z.string(),
});

export const readerSnapshot: Operation<{
  readerSnapshot: z.infer<typeof pageShape> | z.infer<typeof pageRefusalShape>;
}> = {
  query: `query ReaderList($canteenId: ID!, $since: String) {
    readerSnapshot(canteenId: $canteenId, since: $since) {
      __typename
      ... on ReaderSnapshot { page }
      ... on ReaderSnapshotRefusal { code message }
    }
  }`,
  shape: z.object({ readerSnapshot: z.union([pageShape, pageRefusalShape]) }),
};

export const readerSnapshotKeys: Operation<{ readerSnapshotKeys: { id: string; publicKey: string }[] }> = {
  query: 'query ReaderListKeys { readerSnapshotKeys { id publicKey } }',
  shape: z.object({ readerSnapshotKeys: z.array(z.object({ id: z.string(), publicKey: z.string() })) }),
};

/** The same for a tap whenever it is sent: the server takes anything else for another swipe. */
export function swipeInput(tap: StoredTap) {
  const { swipeId, sequence, cardUid, swipedAtMs, grossFen, mode, menu, offline } = tap;
  const swipedAt = new Date(swipedAtMs).toISOString();
  return { swipeId, sequence, cardUid, swipedAt, grossFen, mode, menu, offline };
}

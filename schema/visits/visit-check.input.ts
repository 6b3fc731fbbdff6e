import { Field, Float, ID, InputType } from 'type-graphql';
import type { CheckKind } from '../../entities/visits/visit-check.entity.js';
import { enumeration } from '../shared/enumeration.js';
import { DateTimeScalar } from '../shared/scalars.js';

export const CheckKindEnum = enumeration<CheckKind>('VisitCheckKind', 'What a tap at the door says.', {
  IN: 'The caregiver has arrived.',
  OUT: 'The caregiver leaves.',
});

@InputType('VisitCheckInput', {
  description: "A tap at an elder's door that a caregiver's device has stored.",
})
export class VisitCheckInput {
  @Field(() => ID, {
    description:
      'A UUID the device makes and stores before it sends. Sending it again returns the first answer, however late.',
  })
  requestId!: string;

  @Field(() => ID, { description: "One of the caller's own visits." })
  visitId!: string;

  @Field(() => CheckKindEnum, { description: 'In or out.' })
  kind!: CheckKind;

  @Field(() => DateTimeScalar, { description: "The device's clock at the tap." })
  at!: Date;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description:
      "The device's clock at the upload, by which a wrong clock is noticed and put right; send it always.",
  })
  sentAt?: Date | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Degrees north, WGS 84; left out with the longitude when the device knew no position.',
  })
  latitude?: number | null;

  @Field(() => Float, { nullable: true, description: 'Degrees east, WGS 84; with the latitude.' })
  longitude?: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'What the device said of the accuracy of its position, in metres, 0 to 100000.',
  })
  accuracyMetres?: number | null;

  @Field(() => String, {
    nullable: true,
    description: 'The text that was read of a QR or NFC tag at the door, at most 100 characters.',
  })
  tag?: string | null;
}

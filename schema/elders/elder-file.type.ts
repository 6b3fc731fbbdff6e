import { Field, ID, ObjectType } from 'type-graphql';
import { DateTimeScalar } from '../shared/scalars.js';

@ObjectType('ElderExport', {
  simpleResolvers: true,
  description: 'Everything that is held about one elder, to be handed over to that elder.',
})
export class ElderExportType {
  @Field(() => ID, { description: 'The elder.' })
  elderId!: number;

  @Field(() => DateTimeScalar, { description: 'When it was put together.' })
  exportedAt!: Date;

  @Field(() => String, {
    description:
      'One JSON text: registration with the whole identity and the categories, and meals with cards, replacements, top-ups, swipes, the account and its ledger entries. Money in fen, instants in ISO 8601.',
  })
  json!: string;
}

import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { Context } from '../context.js';
import { ElderType } from './elder.type.js';

/** What identifies an elder: masked, unless the caller's grant shows identities; each whole look is recorded. */
@Resolver(() => ElderType)
export class ElderIdentityResolver {
  @FieldResolver(() => String, {
    description:
      'The resident ID number (GB 11643-1999): first six and last character shown, the rest starred, unless the caller’s grant shows identities; each look at a whole one is recorded. Stars alone once the file was erased.',
  })
  async idNumber(@Root() { id }: ElderType, @Ctx() context: Context): Promise<string> {
    return (await context.loaders.identityField.load({ elderId: id, field: 'idNumber' })) ?? '';
  }

  @FieldResolver(() => String, {
    nullable: true,
    description:
      'The phone number, digits only: first three and last two shown, unless the caller’s grant shows identities, or the elder is open to the caller as a caregiver. Null when none is known.',
  })
  phone(@Root() { id }: ElderType, @Ctx() context: Context): Promise<string | null> {
    return context.loaders.identityField.load({ elderId: id, field: 'phone' });
  }

  @FieldResolver(() => String, {
    nullable: true,
    description:
      'Where the elder lives: the first six characters and stars, unless the caller’s grant shows identities, or the elder is open to the caller as a caregiver. Null when it is not known.',
  })
  address(@Root() { id }: ElderType, @Ctx() context: Context): Promise<string | null> {
    return context.loaders.identityField.load({ elderId: id, field: 'address' });
  }
}

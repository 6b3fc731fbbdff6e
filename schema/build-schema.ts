import 'reflect-metadata';
import type { GraphQLObjectType, GraphQLSchema } from 'graphql';
import { buildSchema } from 'type-graphql';
import { guard } from './guard.js';
import { type ResolverClass, resolvers } from './resolvers.js';
import { DateTimeScalar } from './shared/scalars.js';

/** The whole graph behind its access policy; a test may serve resolvers of its own beside it. */
export async function buildYinlingSchema(more: readonly ResolverClass[] = []): Promise<GraphQLSchema> {
  const schema = await buildSchema({
    resolvers: [...resolvers, ...more],
    scalarsMap: [{ type: Date, scalar: DateTimeScalar }],
    // The business rules look at the input; a second opinion by decorators would be another language for them.
    validate: false,
  });
  describe(schema.getQueryType(), 'What can be asked; nothing here changes anything.');
  describe(schema.getMutationType(), 'What can be done; each operation is done wholly or not at all.');
  return guard(schema);
}

/** type-graphql describes every type but the roots, which no class stands for. */
function describe(root: GraphQLObjectType | null | undefined, description: string): void {
  if (root) root.description = description;
}

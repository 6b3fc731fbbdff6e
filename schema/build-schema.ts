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
    // Every subscription brings its own feed; the library asks for this one all the same.
    pubSub: { publish: nobodysPubSub, subscribe: nobodysPubSub },
  });
  describe(schema.getQueryType(), 'What can be asked; nothing here changes anything.');
  describe(schema.getMutationType(), 'What can be done; each operation is done wholly or not at all.');
  describe(
    schema.getSubscriptionType(),
    'What can be listened to, over a WebSocket connection. Every subscription begins with one answer at once, after which no change is missed.',
  );
  return guard(schema);
}

function nobodysPubSub(): never {
  throw new Error('a subscription needs a `subscribe` of its own: schema/shared/live.ts');
}

/** type-graphql describes every type but the roots, which no class stands for. */
function describe(root: GraphQLObjectType | null | undefined, description: string): void {
  if (root) root.description = description;
}

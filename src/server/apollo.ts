import { ApolloServer, type ApolloServerPlugin, type GraphQLRequestListener } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import type { FastifyBaseLogger } from 'fastify';
import type { GraphQLSchema, OperationDefinitionNode } from 'graphql';
import type { Settings } from '../config/settings.js';
import type { RequestContext } from './context.js';
import { GraphqlErrors } from './graphql-errors.js';
import { loggableOperation } from './loggable-error.js';
import { limitQueries, operationLimits } from './operation-limits.js';
import type { RateLimits } from './rate-limits.js';

export interface GraphqlServer {
  apollo: ApolloServer<RequestContext>;
  errors: GraphqlErrors;
}

/** Apollo with nothing in it that a swipe does not need: no batching, no tracing, no caching hints, no pages. */
export async function startApollo(
  schema: GraphQLSchema,
  settings: Settings,
  log: FastifyBaseLogger,
  limits: RateLimits,
): Promise<GraphqlServer> {
  const inProduction = settings.nodeEnv === 'production';
  const errors = new GraphqlErrors(log, { suggestions: !inProduction });
  const apollo = new ApolloServer<RequestContext>({
    schema,
    nodeEnv: settings.nodeEnv,
    introspection: !inProduction,
    hideSchemaDetailsFromClientErrors: inProduction,
    includeStacktraceInErrorResponses: false,
    allowBatchedHttpRequests: false,
    csrfPrevention: true,
    persistedQueries: false,
    parseOptions: { maxTokens: operationLimits.tokens },
    validationRules: [limitQueries],
    // The process has its own way of leaving, in which this server is one step.
    stopOnTerminationSignals: false,
    logger: log,
    formatError: errors.format,
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      requestNotes(errors, limits),
    ],
  });
  await apollo.start();
  return { apollo, errors };
}

/** Notes what the log will say of a request, and counts it. One listener serves all requests: each would need the same. */
function requestNotes(errors: GraphqlErrors, limits: RateLimits): ApolloServerPlugin<RequestContext> {
  const listener: GraphQLRequestListener<RequestContext> = {
    async didResolveOperation({ contextValue, operation }) {
      if (!operation) return;
      contextValue.request.operation = nameOf(operation);
      await limits.chargeAccount(contextValue, operation);
    },
    async didEncounterErrors({ contextValue, errors: met }) {
      const { request, language } = contextValue;
      for (const error of met) {
        errors.note(error, { requestId: request.id, language, operation: request.operation });
      }
    },
  };
  return { requestDidStart: async () => listener };
}

/** The name that the caller gave the operation, or the first field it asks for. */
export function nameOf({ name, selectionSet }: OperationDefinitionNode): string | undefined {
  const [first] = selectionSet.selections;
  const given = name && loggableOperation(name.value);
  return given ?? (first?.kind === 'Field' ? first.name.value : undefined);
}

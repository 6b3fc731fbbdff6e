import type { GraphQLError, GraphQLFormattedError } from 'graphql';
import type { FailedRequest, GraphqlErrors } from '../graphql-errors.js';

/** Errors as Apollo would have them shown in an answer over HTTP. */
export function shownErrors(
  errors: readonly GraphQLError[],
  asked: FailedRequest,
  graphqlErrors: GraphqlErrors,
): GraphQLFormattedError[] {
  return errors.map((error) => {
    graphqlErrors.note(error, asked);
    const { extensions, ...formatted } = error.toJSON();
    const told: Record<string, unknown> = { code: 'INTERNAL_SERVER_ERROR', ...extensions };
    // Apollo's word on how to answer over HTTP is nothing for a client.
    delete told.http;
    return graphqlErrors.format({ ...formatted, extensions: told }, error);
  });
}

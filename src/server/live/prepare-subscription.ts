import {
  type DocumentNode,
  type ExecutionArgs,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  getVariableValues,
  NoSchemaIntrospectionCustomRule,
  type OperationDefinitionNode,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import type { Language, Text } from '../../shared/text.js';
import { unknownOperation } from '../http-errors.js';
import type { KnownOperations } from '../known-operations.js';
import { limitSubscriptions, operationLimits } from '../operation-limits.js';

const texts = {
  unknown: unknownOperation.text,
  unclear: { zh: '须说明要执行哪个操作', en: 'It must be clear which operation is meant' },
} satisfies Record<string, Text>;

/** What a client sends to begin a subscription, as far as it is believed. */
export interface Subscribing {
  query: string;
  operationName?: string | null | undefined;
  variables?: Record<string, unknown> | null | undefined;
}

export interface PreparedSubscription {
  operation: OperationDefinitionNode;
  /** The one field of it. */
  field: string;
  args: Pick<ExecutionArgs, 'schema' | 'document' | 'operationName' | 'variableValues'>;
}

export interface Preparing {
  schema: GraphQLSchema;
  /** Undefined where every operation is answered. */
  known: KnownOperations | undefined;
  introspection: boolean;
}

/** Reads what a client wants to listen to, under the limits that a request over HTTP has; errors when it may not be. */
export function prepareSubscription(
  { query, operationName, variables }: Subscribing,
  { schema, known, introspection }: Preparing,
  language: Language,
): PreparedSubscription | GraphQLError[] {
  if (known && !known.has(query)) return [coded('OPERATION_UNKNOWN', texts.unknown[language])];
  const document = parsed(query);
  if (document instanceof GraphQLError) return [document];
  const rules = introspection ? specifiedRules : [...specifiedRules, NoSchemaIntrospectionCustomRule];
  const faults = validate(schema, document, [...rules, limitSubscriptions]);
  if (faults.length > 0) return faults.map((fault) => withCode(fault, 'GRAPHQL_VALIDATION_FAILED'));
  const operation = getOperationAST(document, operationName);
  if (!operation) return [coded('OPERATION_RESOLUTION_FAILURE', texts.unclear[language])];
  const { errors } = getVariableValues(schema, operation.variableDefinitions ?? [], variables ?? {}, {
    maxErrors: 50,
  });
  if (errors) return errors.map((error) => withCode(error, 'BAD_USER_INPUT'));
  const [first] = operation.selectionSet.selections;
  // The first may be a fragment; its name is for the log and the metrics, whose labels must be few.
  const field = first?.kind === 'Field' ? first.name.value : 'fragment';
  return {
    operation,
    field,
    args: { schema, document, operationName: operationName ?? null, variableValues: variables ?? {} },
  };
}

function parsed(query: string): DocumentNode | GraphQLError {
  try {
    return parse(query, { maxTokens: operationLimits.tokens });
  } catch (error) {
    if (error instanceof GraphQLError) return withCode(error, 'GRAPHQL_PARSE_FAILED');
    throw error;
  }
}

function withCode(error: GraphQLError, code: string): GraphQLError {
  const { message, nodes, source, positions, path, originalError, extensions } = error;
  return new GraphQLError(message, {
    ...{ nodes: nodes ?? null, source: source ?? null, positions: positions ?? null, path: path ?? null },
    originalError: originalError ?? null,
    extensions: { code, ...extensions },
  });
}

export function coded(code: string, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code } });
}

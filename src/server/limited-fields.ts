import { GraphQLError, type GraphQLField, type GraphQLSchema, isObjectType } from 'graphql';
import { mayAsk } from '../access/caller.js';
import { limitedObjects } from '../access/object-limits.js';
import type { Text } from '../shared/text.js';
import type { RequestContext } from './context.js';
import type { RateLimits } from './rate-limits.js';

type Field = GraphQLField<unknown, RequestContext>;

const tooLong: Text = {
  zh: '操作耗时过长,已停止;写入是否完成须另行查询',
  en: 'The operation took too long and was stopped; ask whether what it was to write was written',
};

/**
 * Puts two limits before the fields that have resolvers: none begins once the operation's time is over, and none
 * of a limited object runs more often than that object allows. Plain fields are left alone, as they cost nothing.
 */
export function limitFields(schema: GraphQLSchema, limits: RateLimits): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) limitTime(field);
  }
  for (const root of [schema.getQueryType(), schema.getMutationType()]) {
    for (const field of Object.values(root?.getFields() ?? {})) limitObject(field, limits);
  }
  return schema;
}

function limitTime(field: Field): void {
  const { resolve } = field;
  if (!resolve) return;
  field.resolve = (source, args, context, info) => {
    if (performance.now() > context.answerByMs) {
      throw new GraphQLError(tooLong[context.language], { extensions: { code: 'OPERATION_TOO_LONG' } });
    }
    return resolve(source, args, context, info);
  };
}

function limitObject(field: Field, limits: RateLimits): void {
  const { resolve } = field;
  if (!limitedObjects[field.name] || !resolve) return;
  field.resolve = async (source, args, context, info) => {
    const { caller } = context;
    // Whoever may not ask must not be able to use up what others may; the guard refuses them.
    if (caller && mayAsk(caller, field.name)) await limits.chargeObject(context, field.name, args);
    return resolve(source, args, context, info);
  };
}

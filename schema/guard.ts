import { defaultFieldResolver, type GraphQLField, type GraphQLSchema, isObjectType } from 'graphql';
import { getMetadataStorage } from 'type-graphql';
import { mayAsk } from '../src/access/caller.js';
import { policy, rolesFor } from '../src/access/policy.js';
import type { Context } from './context.js';
import { forbidden, unauthenticated } from './shared/errors.js';

/**
 * Puts the access policy in front of every operation and of every field that has a resolver of its own.
 * What the policy does not list stays closed. Plain fields are left alone: whoever was given an object may
 * read it, and they are the ones that a swipe's answer is made of.
 */
export function guard(schema: GraphQLSchema): GraphQLSchema {
  const roots = [schema.getQueryType(), schema.getMutationType()];
  for (const root of roots) {
    for (const field of Object.values(root?.getFields() ?? {})) guardField(field, field.name);
  }
  for (const { typeName, fieldName } of resolvedEdges()) {
    const type = schema.getType(typeName);
    const field = isObjectType(type) ? type.getFields()[fieldName] : undefined;
    if (field) guardField(field, `${typeName}.${fieldName}`);
  }
  return schema;
}

/** Type.field of every field resolver, as type-graphql has collected them. */
export function resolvedEdges(): { typeName: string; fieldName: string }[] {
  const storage = getMetadataStorage();
  const typeNames = new Map<unknown, string>(storage.objectTypes.map(({ target, name }) => [target, name]));
  return storage.fieldResolvers.flatMap(({ getObjectType, schemaName }) => {
    const typeName = getObjectType ? typeNames.get(getObjectType()) : undefined;
    return typeName ? [{ typeName, fieldName: schemaName }] : [];
  });
}

/**
 * What a revoked reader may still call, because the answer tells it that it was revoked, and what the receipt
 * of a swipe that it sends again is made of.
 */
const answeredWhenRevoked = new Set(['recordSwipe', 'recordSwipes', 'previewSwipe', 'SwipeReceipt.canteen']);

function guardField(field: GraphQLField<unknown, Context>, operation: string): void {
  if (policy[operation] === 'ANYONE') return;
  const resolve = field.resolve ?? defaultFieldResolver;
  field.resolve = (source, args, context, info) => {
    const { caller } = context;
    if (!caller) throw unauthenticated(context.language);
    if (caller.revoked) {
      const wasReader = caller.grants.some(({ role }) => rolesFor(operation).includes(role));
      if (!answeredWhenRevoked.has(operation) || !wasReader) throw unauthenticated(context.language);
    } else if (!mayAsk(caller, operation)) throw forbidden(context.language);
    return resolve(source, args, context, info);
  };
}

import {
  defaultFieldResolver,
  GraphQLError,
  type GraphQLField,
  type GraphQLSchema,
  isObjectType,
} from 'graphql';
import { getMetadataStorage } from 'type-graphql';
import { hasOtherGrants, mayAsk, showsOf } from '../src/access/caller.js';
import { closingGroup, type FieldGroup, fieldGroups } from '../src/access/field-groups.js';
import { policy, rolesFor } from '../src/access/policy.js';
import type { Context } from './context.js';
import { forbidden, unauthenticated } from './shared/errors.js';

/**
 * Puts the access policy in front of every operation and of every field that has a resolver of its own.
 * What the policy does not list stays closed. Plain fields are left alone, as the ones that a swipe's answer is
 * made of: whoever was given an object may read it, but for fields of a group that is shown to some only.
 *
 * What is refused here, or beneath, leaves a record in the audit log, and so does every mutation.
 */
export function guard(schema: GraphQLSchema): GraphQLSchema {
  for (const field of Object.values(schema.getQueryType()?.getFields() ?? {})) {
    guardField(field, field.name, watched);
  }
  for (const field of Object.values(schema.getMutationType()?.getFields() ?? {})) {
    guardField(field, field.name, recorded);
  }
  for (const field of Object.values(schema.getSubscriptionType()?.getFields() ?? {})) {
    guardSubscribing(field);
    // And again before each change that is told.
    guardField(field, field.name, watched);
  }
  // The groups first, so that the policy stands before them.
  for (const name of Object.keys(fieldGroups)) guardGroup(schema, name);
  for (const { typeName, fieldName } of resolvedEdges()) {
    const type = schema.getType(typeName);
    const field = isObjectType(type) ? type.getFields()[fieldName] : undefined;
    if (field) guardField(field, `${typeName}.${fieldName}`, watched);
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
const answeredWhenRevoked = new Set([
  'recordSwipe',
  'recordSwipes',
  'previewSwipe',
  'SwipeReceipt.canteen',
  'SwipeReceipt.gave',
]);

/** Mutations whose record is that of the batch of swipes in which they are written. */
const recordedInBatches = new Set(['recordSwipe', 'recordSwipes']);

/**
 * Types of objects that a grant may show whose edges and groups of fields it does not open, and whose elder they are:
 * a grant that opens the edge has to cover that elder. Of all other types each way to them is open to no more roles
 * than their edges are, or the edge asks by itself, as Facility.rollup does.
 */
const elderIdOf: Readonly<Record<string, (source: unknown) => number>> = {
  Elder: (source) => (source as { id: number }).id,
  MealCard: (source) => (source as { elderId: number }).elderId,
};

/** Of whom a field of a group tells. */
interface Told {
  elderId: number;
  /** A place whose business it is too, wherever the elder is looked after. */
  placeId?: number;
  /** Who said it, and so may read it. */
  saidById?: number | null;
}

/** Of whom fields of groups tell whose objects, and edges, are open to more people than the group is. */
const toldOf: Readonly<Record<string, (source: unknown) => Told>> = {
  DeliveryOrder(source) {
    const { elderId, canteenId, endedById } = source as {
      elderId: number;
      canteenId: number;
      endedById: number | null;
    };
    return { elderId, placeId: canteenId, saidById: endedById };
  },
};

type Resolve = NonNullable<GraphQLField<unknown, Context>['resolve']>;

function guardField(
  field: GraphQLField<unknown, Context>,
  operation: string,
  onRecord: (resolve: Resolve, operation: string) => Resolve,
): void {
  const resolve = onRecord(field.resolve ?? defaultFieldResolver, operation);
  const [typeName = '', fieldName] = operation.split('.');
  const elderOf = fieldName === undefined ? undefined : elderIdOf[typeName];
  // What a caregiver is not told of an elder, a visit tells nobody.
  const isBeyondVisits = typeName === 'Elder' && !rolesFor(operation).includes('CAREGIVER');
  field.resolve = (source, args, context, info) => {
    const refusal = refusalOf(context, operation);
    if (refusal) return refuse(context, operation, args, refusal);
    const { caller, language } = context;
    const elderId = elderOf?.(source);
    if (elderId === undefined || !caller) return resolve(source, args, context, info);
    const isShownElsewhere = context.shownByVisits.has(elderId) || context.shownByBeds.has(elderId);
    const byVisit = isBeyondVisits && isShownElsewhere;
    if (!byVisit && !hasOtherGrants(caller, operation)) return resolve(source, args, context, info);
    const asked = { id: elderId, shared: operation };
    return context.loaders.elderCovered
      .load(asked)
      .then((isOpen) =>
        isOpen ? resolve(source, args, context, info) : refuse(context, operation, args, forbidden(language)),
      );
  };
}

/** Refuses to begin a subscription, or to let it go on when the server asks for it again, as its field would be refused. */
function guardSubscribing(field: GraphQLField<unknown, Context>): void {
  const { name, subscribe } = field;
  if (!subscribe) throw new Error(`${name} brings no feed`);
  const checked = watched(subscribe, name);
  field.subscribe = (source, args, context, info) => {
    const refusal = refusalOf(context, name);
    return refusal ? refuse(context, name, args, refusal) : checked(source, args, context, info);
  };
}

/** Refuses a field of a group to whom it is not shown of that elder; an operation's group narrows its scope. */
function guardGroup(schema: GraphQLSchema, name: string): void {
  const group = closingGroup(name);
  const [typeName = '', fieldName] = name.split('.');
  if (group === undefined || fieldName === undefined) return;
  const type = schema.getType(typeName);
  const field: GraphQLField<unknown, Context> | undefined = isObjectType(type)
    ? type.getFields()[fieldName]
    : undefined;
  const elderOf = elderIdOf[typeName];
  const tellsOf =
    toldOf[typeName] ?? (elderOf && ((source: unknown): Told => ({ elderId: elderOf(source) })));
  if (!field || !tellsOf) throw new Error(`${name} is in a group, and no field of an elder`);
  const resolve = field.resolve ?? defaultFieldResolver;
  const checked: Resolve = (source, args, context, info) => {
    const { caller, language } = context;
    if (!caller) throw unauthenticated(language);
    const told = tellsOf(source);
    const isOwn = told.saidById === caller.accountId;
    const shown = isOwn ? 'yes' : showsOf(caller, group, told.elderId);
    if (shown === 'yes') return resolve(source, args, context, info);
    if (shown === 'no') throw forbidden(language);
    return isShownByPlace(context, group, told).then((isShown) => {
      if (!isShown) throw forbidden(language);
      return resolve(source, args, context, info);
    });
  };
  // A field with a line in the policy is watched with that line.
  field.resolve = policy[name] === undefined ? watched(checked, name) : checked;
}

/** Whether one of the places that show a group to the caller is the elder's, or that of the matter itself. */
async function isShownByPlace(
  { loaders }: Context,
  group: FieldGroup,
  { elderId, placeId }: Told,
): Promise<boolean> {
  const [isElders, isPlaces] = await Promise.all([
    loaders.elderShown.load({ id: elderId, shared: group }),
    placeId === undefined ? false : loaders.facilityShown.load({ id: placeId, shared: group }),
  ]);
  return isElders || isPlaces;
}

function refusalOf({ caller, language }: Context, operation: string): GraphQLError | undefined {
  if (policy[operation] === 'ANYONE') return undefined;
  if (!caller) return unauthenticated(language);
  if (caller.revoked) {
    const wasReader = caller.grants.some(({ role }) => rolesFor(operation).includes(role));
    return answeredWhenRevoked.has(operation) && wasReader ? undefined : unauthenticated(language);
  }
  return mayAsk(caller, operation) ? undefined : forbidden(language);
}

async function refuse(
  context: Context,
  operation: string,
  args: unknown,
  error: GraphQLError,
): Promise<never> {
  await context.audit.refused(operation, codeOf(error), args);
  throw error;
}

/** A question leaves a record when it turns out to be refused. */
function watched(resolve: Resolve, operation: string): Resolve {
  const onError = (error: unknown, context: Context, args: unknown) => {
    const code = codeOf(error);
    const refused = code === 'FORBIDDEN' || code === 'UNAUTHENTICATED';
    if (refused && error instanceof GraphQLError) return refuse(context, operation, args, error);
    throw error;
  };
  return (source, args, context, info) => {
    try {
      const answer = resolve(source, args, context, info);
      if (!(answer instanceof Promise)) return answer;
      return answer.catch((error: unknown) => onError(error, context, args));
    } catch (error) {
      return onError(error, context, args);
    }
  };
}

/**
 * A mutation leaves one record: its write appends it, and where it came to no write, or to none that was
 * committed, it is written here.
 */
function recorded(resolve: Resolve, operation: string): Resolve {
  return async (source, args, context, info) => {
    const { audit } = context;
    audit.begin(operation, args);
    try {
      const answer = await resolve(source, args, context, info);
      if (audit.recorded || recordedInBatches.has(operation)) return answer;
      throw new Error(`${operation} left no record: it must write through context.audit`);
    } catch (error) {
      if (!audit.recorded) await audit.refused(operation, codeOf(error), args);
      throw error;
    }
  };
}

function codeOf(error: unknown): string {
  const code = error instanceof GraphQLError ? error.extensions.code : undefined;
  return typeof code === 'string' ? code : 'INTERNAL_SERVER_ERROR';
}

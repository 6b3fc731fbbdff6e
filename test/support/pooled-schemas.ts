import { type GraphQLField, type GraphQLSchema, isObjectType } from 'graphql';
import { buildYinlingSchema } from '../../schema/build-schema.js';

/** A schema with its fields as they were built. */
interface Built {
  schema: GraphQLSchema;
  fields: readonly Pick<GraphQLField<unknown, unknown>, 'resolve' | 'subscribe'>[];
  pristine: readonly object[];
}

/** Those of servers that are closed: to build one costs more than many a test. */
const idle: Built[] = [];

/**
 * A schema for one server, which puts its own limits before the fields, and how to give it back when that is closed:
 * without them, for the next server of this process.
 */
export async function takeSchema(): Promise<{ schema: GraphQLSchema; giveBack(): void }> {
  const built = idle.pop() ?? (await build());
  let isTaken = true;
  const giveBack = () => {
    // A server may be closed twice.
    if (!isTaken) return;
    isTaken = false;
    for (const [index, field] of built.fields.entries()) Object.assign(field, built.pristine[index]);
    idle.push(built);
  };
  return { schema: built.schema, giveBack };
}

async function build(): Promise<Built> {
  const schema = await buildYinlingSchema();
  const fields = Object.values(schema.getTypeMap()).flatMap((type) =>
    isObjectType(type) && !type.name.startsWith('__') ? Object.values(type.getFields()) : [],
  );
  return { schema, fields, pristine: fields.map(({ resolve, subscribe }) => ({ resolve, subscribe })) };
}

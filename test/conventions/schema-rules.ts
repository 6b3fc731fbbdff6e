import {
  astFromValue,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLNamedType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedScalarType,
  isUnionType,
  print,
} from 'graphql';

/** One part of a schema: `where` names it, `full` says all that a caller relies on. */
interface Part {
  where: string;
  full: string;
  description: string | null | undefined;
}

/** What `wanted` has and `schema` has not, or has otherwise. What `schema` has beyond it does not matter. */
export function missingFrom(schema: GraphQLSchema, wanted: GraphQLSchema): string[] {
  const present = new Set(partsOf(schema).map(({ full }) => full));
  return partsOf(wanted)
    .filter(({ full }) => !present.has(full))
    .map(({ full, where }) => (full.endsWith(` ${where}`) ? where : full));
}

/** Every part of the schema that has no description. */
export function undescribed(schema: GraphQLSchema): string[] {
  return partsOf(schema)
    .filter(({ description }) => description !== undefined && !description?.trim())
    .map(({ where }) => where);
}

function partsOf(schema: GraphQLSchema): Part[] {
  const types = Object.values(schema.getTypeMap());
  return types
    .filter((type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type))
    .flatMap(partsOfType);
}

function partsOfType(type: GraphQLNamedType): Part[] {
  const itself = {
    where: type.name,
    full: `${kindOf(type)} ${type.name}`,
    description: type.description ?? null,
  };
  return [itself, ...membersOf(type)];
}

function kindOf(type: GraphQLNamedType): string {
  return type.constructor.name.replace(/^GraphQL|Type$/g, '').toLowerCase();
}

function membersOf(type: GraphQLNamedType): Part[] {
  if (isObjectType(type)) {
    return Object.values(type.getFields()).flatMap((field) => partsOfField(type.name, field));
  }
  if (isInputObjectType(type)) {
    return Object.values(type.getFields()).map((field) => {
      const where = `${type.name}.${field.name}`;
      return { where, full: `${where}: ${typeAndDefault(field)}`, description: field.description ?? null };
    });
  }
  if (isEnumType(type)) {
    return type.getValues().map(({ name, description }) => {
      const where = `${type.name}.${name}`;
      return { where, full: where, description: description ?? null };
    });
  }
  if (isUnionType(type)) {
    // A member is described where its type is.
    return type.getTypes().map(({ name }) => ({
      where: `${type.name} = ${name}`,
      full: `${type.name} = ${name}`,
      description: undefined,
    }));
  }
  return [];
}

function partsOfField(typeName: string, field: GraphQLField<unknown, unknown>): Part[] {
  const where = `${typeName}.${field.name}`;
  const arguments_ = field.args.map((argument) => ({
    where: `${where}(${argument.name})`,
    full: `${where}(${argument.name}: ${typeAndDefault(argument)})`,
    description: argument.description ?? null,
  }));
  const itself = { where, full: `${where}: ${field.type}`, description: field.description ?? null };
  return [itself, ...arguments_];
}

function typeAndDefault({ type, defaultValue }: GraphQLArgument | GraphQLInputField): string {
  const value = defaultValue === undefined ? undefined : astFromValue(defaultValue, type);
  return value ? `${type} = ${print(value)}` : `${type}`;
}

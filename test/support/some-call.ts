import {
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
} from 'graphql';

/** Some value of a type, as a literal: enough for a call that is refused before it is looked at. */
function someLiteral(type: GraphQLInputType): string {
  if (isNonNullType(type)) return someLiteral(type.ofType);
  if (isListType(type)) return `[${someLiteral(type.ofType)}]`;
  if (isEnumType(type)) return String(type.getValues()[0]?.name);
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields()).filter(({ type: field }) => isNonNullType(field));
    return `{ ${fields.map((field) => `${field.name}: ${someLiteral(field.type)}`).join(', ')} }`;
  }
  const literals: Record<string, string> = {
    ID: '"1"',
    String: '"x"',
    Int: '1',
    Float: '1.5',
    Boolean: 'true',
    Fen: '100',
    Date: '"2026-03-10"',
    DateTime: '"2026-03-10T12:00:00+08:00"',
  };
  const literal = literals[type.name];
  if (!literal) throw new Error(`what is a ${type.name}? Give this test a literal of it`);
  return literal;
}

/** A call of a mutation with nothing in it but what it cannot do without. */
export function callOf(schema: GraphQLSchema, name: string): string {
  const field = schema.getMutationType()?.getFields()[name];
  const args = (field?.args ?? []).filter(({ type }) => isNonNullType(type));
  const given = args.map((arg) => `${arg.name}: ${someLiteral(arg.type)}`).join(', ');
  const leaf = field && isLeafType(getNamedType(field.type)) ? '' : '{ __typename }';
  return `mutation { ${name}${given ? `(${given})` : ''} ${leaf} }`;
}

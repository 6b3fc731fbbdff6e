import {
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isIntrospectionType,
  isObjectType,
  isUnionType,
} from 'graphql';

/** A way from the query type down to one field; `steps` begin with the operation. */
export interface FieldPath {
  /** The operation, then Type.field for each step below it: what the access policy is asked about. */
  steps: readonly string[];
  /** The query with `ARGUMENTS` where the operation's go. */
  query: string;
  /** The field as it stands in the query, and what stands around it: one and the same for fields of one object. */
  leaf: string;
  around: (inner: string) => string;
}

/** Paths to fields of one object, which one query asks together. */
export type SiblingPaths = Pick<FieldPath, 'steps' | 'query'> & { paths: readonly FieldPath[] };

/** So many fields of one object are asked at once: a query may hold only so much. */
const siblingsMax = 12;

/** The paths in as few queries as there are objects; operations are asked by themselves. */
export function siblingsOf(paths: readonly FieldPath[]): SiblingPaths[] {
  const byObject = new Map<FieldPath['around'], FieldPath[]>();
  const groups: FieldPath[][] = [];
  for (const path of paths) {
    const last = path.steps.length > 1 ? byObject.get(path.around) : undefined;
    if (last && last.length < siblingsMax) {
      last.push(path);
      continue;
    }
    const group = [path];
    byObject.set(path.around, group);
    groups.push(group);
  }
  return groups.map((group) => {
    const [{ steps, around } = { steps: [], around: String }] = group;
    return { steps, query: around(group.map(({ leaf }) => leaf).join(' ')), paths: group };
  });
}

/** One path to every field of every type that a query can reach, by the fewest steps. */
export function pathsToEveryField(schema: GraphQLSchema): FieldPath[] {
  const root = schema.getQueryType();
  if (!root) throw new Error('the schema has no queries');
  const paths: FieldPath[] = [];
  const seen = new Set<string>([root.name]);
  let open: { type: GraphQLObjectType; steps: string[]; wrap: (inner: string) => string }[] = [
    { type: root, steps: [], wrap: (inner) => `{ ${inner} }` },
  ];
  while (open.length > 0) {
    const next: typeof open = [];
    for (const { type, steps, wrap } of open) {
      for (const field of Object.values(type.getFields())) {
        const isOperation = type === root;
        const step = isOperation ? field.name : `${type.name}.${field.name}`;
        const call = `${field.name}${isOperation ? 'ARGUMENTS' : requiredArguments(type, field)}`;
        const own = [...steps, step];
        const leaf = isCompositeType(getNamedType(field.type)) ? `${call} { __typename }` : call;
        paths.push({ steps: own, query: wrap(leaf), leaf, around: wrap });
        for (const { member, inner } of membersOf(field.type)) {
          if (seen.has(member.name)) continue;
          seen.add(member.name);
          next.push({ type: member, steps: own, wrap: (text) => wrap(`${call} { ${inner(text)} }`) });
        }
      }
    }
    open = next;
  }
  return paths;
}

/** The object types that a field can answer, and how to ask each. */
function membersOf(type: GraphQLOutputType): { member: GraphQLObjectType; inner(text: string): string }[] {
  const named = getNamedType(type);
  if (isIntrospectionType(named)) return [];
  if (isObjectType(named)) return [{ member: named, inner: (text) => text }];
  if (!isUnionType(named)) return [];
  return named
    .getTypes()
    .map((member) => ({ member, inner: (text: string) => `... on ${member.name} { ${text} }` }));
}

/** An edge that cannot be asked without arguments needs them here. */
function requiredArguments(type: GraphQLObjectType, field: GraphQLField<unknown, unknown>): string {
  const required = field.args.filter(
    ({ type: of, defaultValue }) => String(of).endsWith('!') && defaultValue === undefined,
  );
  if (required.length === 0) return '';
  throw new Error(`${type.name}.${field.name} needs ${required.map(({ name }) => name).join(', ')}`);
}

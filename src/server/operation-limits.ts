import {
  type ASTVisitor,
  type FieldNode,
  GraphQLError,
  type GraphQLField,
  type GraphQLNamedType,
  getNamedType,
  getNullableType,
  isCompositeType,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  OperationTypeNode,
  type SelectionNode,
  type SelectionSetNode,
  type ValidationContext,
} from 'graphql';
import { pageSizeMax } from '../../schema/shared/paging.js';

/** The most that one request may ask. docs/operations.md lists them. */
export const operationLimits = { depth: 12, aliases: 15, directives: 10, tokens: 1000, nodes: 20_000 };

/** The swipes of a batch that comes in a variable. */
const batchSizeMax = 500;

/** What a list without pages is taken to hold, such as the ancestors of a facility. */
const unpagedLength = 10;

/** What a request over HTTP may ask. */
export const limitQueries = (context: ValidationContext) =>
  limitOperations(context, [OperationTypeNode.QUERY, OperationTypeNode.MUTATION]);

/** What may be asked over a connection that stays open; everything else goes over HTTP, with its own limits. */
export const limitSubscriptions = (context: ValidationContext) =>
  limitOperations(context, [OperationTypeNode.SUBSCRIPTION]);

/**
 * A validation rule: refuses an operation that is small to send and huge to answer, before anything of it runs,
 * and one of a kind that is not answered here. Schema introspection is not counted; production refuses it.
 */
function limitOperations(context: ValidationContext, kinds: readonly OperationTypeNode[]): ASTVisitor {
  const refuse = (message: string, node: { readonly kind: Kind }) =>
    context.reportError(new GraphQLError(message, { nodes: [node as FieldNode] }));
  let aliases = 0;
  let directives = 0;
  return {
    OperationDefinition(operation) {
      const isAnswered = kinds.includes(operation.operation);
      const root = isAnswered ? context.getSchema().getRootType(operation.operation) : undefined;
      if (!root) return refuse(`There are no operations of kind ${operation.operation} here`, operation);
      const { depth, nodes } = new OperationSize(context).of(operation.selectionSet, root, unpagedLength);
      if (depth > operationLimits.depth) {
        refuse(
          `The operation is ${depth} fields deep, more than the limit of ${operationLimits.depth}`,
          operation,
        );
      }
      if (nodes > operationLimits.nodes) refuse(tooManyNodes(nodes), operation);
    },
    Field({ alias }) {
      if (alias) aliases += 1;
    },
    Directive() {
      directives += 1;
    },
    Document: {
      leave(document) {
        const { aliases: aliasesMax, directives: directivesMax } = operationLimits;
        if (aliases > aliasesMax)
          refuse(`There are ${aliases} aliases, more than the limit of ${aliasesMax}`, document);
        if (directives > directivesMax) {
          refuse(`There are ${directives} directives, more than the limit of ${directivesMax}`, document);
        }
      },
    },
  };
}

function tooManyNodes(nodes: number): string {
  return (
    `The answer may hold ${nodes} nodes, more than the limit of ${operationLimits.nodes}: ` +
    `pages within pages multiply, and a page size in a variable counts as ${pageSizeMax}`
  );
}

interface Size {
  /** Fields beneath one another. */
  depth: number;
  /** Objects in the answer, at most as far as page sizes tell. */
  nodes: number;
}

/** Estimates the answer of a selection, each fragment once, so that fragments within fragments stay cheap. */
class OperationSize {
  private readonly fragments = new Map<string, Size>();

  constructor(private readonly context: ValidationContext) {}

  /** `listLength` is what a list holds that has no page size of its own: the `nodes` of a connection have its. */
  of(set: SelectionSetNode, type: GraphQLNamedType, listLength: number): Size {
    const size = { depth: 0, nodes: 0 };
    for (const selection of set.selections) {
      const { depth, nodes } = this.ofSelection(selection, type, listLength);
      size.depth = Math.max(size.depth, depth);
      size.nodes += nodes;
    }
    return size;
  }

  private ofSelection(selection: SelectionNode, type: GraphQLNamedType, listLength: number): Size {
    if (selection.kind === Kind.FIELD) return this.ofField(selection, type, listLength);
    if (selection.kind === Kind.FRAGMENT_SPREAD) return this.ofFragment(selection.name.value, listLength);
    const condition = selection.typeCondition?.name.value;
    const narrowed = condition === undefined ? type : this.context.getSchema().getType(condition);
    return this.of(selection.selectionSet, narrowed ?? type, listLength);
  }

  private ofFragment(name: string, listLength: number): Size {
    const key = `${name} ${listLength}`;
    const known = this.fragments.get(key);
    if (known) return known;
    // A fragment within itself meets this and ends; another rule refuses it.
    this.fragments.set(key, { depth: 0, nodes: 0 });
    const fragment = this.context.getFragment(name);
    const type = fragment && this.context.getSchema().getType(fragment.typeCondition.name.value);
    const size = type ? this.of(fragment.selectionSet, type, listLength) : { depth: 0, nodes: 0 };
    this.fragments.set(key, size);
    return size;
  }

  private ofField(node: FieldNode, parent: GraphQLNamedType, listLength: number): Size {
    if (node.name.value.startsWith('__')) return { depth: 0, nodes: 0 };
    const hasFields = isObjectType(parent) || isInterfaceType(parent);
    const field = hasFields ? parent.getFields()[node.name.value] : undefined;
    if (!field) return { depth: 1, nodes: 0 };
    const type = getNamedType(field.type);
    if (!node.selectionSet || !isCompositeType(type)) return { depth: 1, nodes: 0 };
    const page = pageSize(node, field);
    const isList = isListType(getNullableType(field.type));
    const within = this.of(node.selectionSet, type, isList ? unpagedLength : (page ?? unpagedLength));
    const times = isList ? (page ?? batchSize(node, field) ?? listLength) : 1;
    return { depth: within.depth + 1, nodes: times * (within.nodes + 1) };
  }
}

/** The `first` of a field that has pages; one out of range is refused when it runs, so it counts as the largest. */
function pageSize(node: FieldNode, field: GraphQLField<unknown, unknown>): number | undefined {
  const argument = field.args.find(({ name }) => name === 'first');
  if (!argument) return undefined;
  const value = node.arguments?.find(({ name }) => name.value === 'first')?.value;
  if (value?.kind === Kind.VARIABLE) return pageSizeMax;
  const first = value?.kind === Kind.INT ? Number(value.value) : Number(argument.defaultValue ?? pageSizeMax);
  return Math.min(Math.max(first, 0), pageSizeMax);
}

/** How many results a field has that is given a list and answers each of it. */
function batchSize(node: FieldNode, field: GraphQLField<unknown, unknown>): number | undefined {
  const argument = field.args.find(({ type }) => isListType(getNullableType(type)));
  if (!argument) return undefined;
  const value = node.arguments?.find(({ name }) => name.value === argument.name)?.value;
  return value?.kind === Kind.LIST ? Math.min(value.values.length, batchSizeMax) : batchSizeMax;
}

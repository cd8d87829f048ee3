// Operators on trees. What lies below a node is an array every document carries; anything else needs the nodes'
// names, which the caller looks up beforehand: treeLookups says which, the context answers.
import type { Meta } from '../doctypes/meta.ts';
import { NONE, type Query } from '../storage/query.ts';
import type { Column, Schema } from './column.ts';
import type { Operator } from './filter.ts';
import { coerce, faultOf, type Operand, scalar } from './operand.ts';
import { is, or } from './build-query.ts';

/** Names a filter depends on. */
export interface TreeLookup {
  readonly doctype: string;
  readonly node: string | number;
  readonly direction: 'ancestors' | 'descendants';
  /** The same for equal lookups. */
  readonly key: string;
}

/** Names strictly above or below the node; undefined when there is no such node. */
export type TreeAnswer = readonly (string | number)[] | undefined;

interface TreeOperator {
  readonly direction: 'ancestors' | 'descendants';
  readonly negated: boolean;
  readonly inclusive: boolean;
}

const TREE_OPERATORS: ReadonlyMap<Operator, TreeOperator> = new Map<Operator, TreeOperator>([
  ['descendants of', { direction: 'descendants', negated: false, inclusive: false }],
  ['descendants of (inclusive)', { direction: 'descendants', negated: false, inclusive: true }],
  ['ancestors of', { direction: 'ancestors', negated: false, inclusive: false }],
  ['not descendants of', { direction: 'descendants', negated: true, inclusive: false }],
  ['not ancestors of', { direction: 'ancestors', negated: true, inclusive: false }],
]);

export const isTreeOperator = (operator: Operator): boolean => TREE_OPERATORS.has(operator);

/** A tree filter in parts: what it asks, of which node, and the lookup it needs, if it needs one. */
interface TreeQuestion {
  readonly operator: TreeOperator;
  readonly node: string | number;
  readonly lookup: TreeLookup | undefined;
}

/** The lookup a filter needs. @throws ValidationError when the column names no tree */
export const treeLookup = (operand: Operand, schema: Schema): TreeLookup | undefined =>
  question(operand, schema)?.lookup;

/**
 * Negated operators are the complement: with a missing node they match everything, as `not in []` does.
 * @throws ValidationError when the column names no tree
 */
export function treeQuery(
  operand: Operand,
  schema: Schema,
  answer: (lookup: TreeLookup) => TreeAnswer,
): Query | undefined {
  const asked = question(operand, schema);
  if (!asked) return undefined;
  const { operator, node, lookup } = asked;
  const found = lookup ? named(operand.column, node, { operator, names: answer(lookup) }) : below(asked);
  if (!operator.negated) return found;
  return { $nor: [found] };
}

function question(operand: Operand, schema: Schema): TreeQuestion | undefined {
  const operator = TREE_OPERATORS.get(operand.operator);
  if (!operator) return undefined;
  const tree = treeOf(operand, schema);
  const node = nodeOf(operand);
  const { direction } = operator;
  const stored = operand.column.name === 'name' && tree === schema.meta && direction === 'descendants';
  const key = JSON.stringify([direction, tree.name, node]);
  return { operator, node, lookup: stored ? undefined : { doctype: tree.name, node, direction, key } };
}

function treeOf(operand: Operand, { registry }: Schema): Meta {
  const { names } = operand.column;
  const tree = names === undefined ? undefined : registry.find(names);
  if (tree?.isTree) return tree;
  const target = names === undefined ? 'neither name nor a Link' : `${names}, which is not a tree`;
  throw faultOf(operand, `needs the name of a tree's node, but this field is ${target}`);
}

function nodeOf(operand: Operand): string | number {
  const value = coerce(operand, scalar(operand) ?? '');
  return typeof value === 'boolean' ? Number(value) : value;
}

/** The document itself is below the node. */
function below({ operator, node }: TreeQuestion): Query {
  const strictly = is('_ancestors', { $elemMatch: { $eq: node } });
  return operator.inclusive ? or([strictly, is('name', { $eq: node })]) : strictly;
}

function named(
  column: Column,
  node: string | number,
  { operator, names }: { readonly operator: TreeOperator; readonly names: TreeAnswer },
): Query {
  if (!names) return NONE;
  const wanted = operator.inclusive ? [node, ...names] : names;
  return wanted.length === 0 ? NONE : is(column.name, { $in: wanted });
}

/** A node of a graph or of a function's body. */
export interface GraphNode {
  readonly op: string;
  /** `node`, `node:index`, `node:output:index` or `^node`. */
  readonly inputs: readonly string[];
  /** What a call calls. */
  readonly function?: string;
}

export type Nodes = ReadonlyMap<string, GraphNode>;

/** A function of a graph's library. */
export interface GraphFunction {
  /** In the order of its results. */
  readonly outputs: readonly string[];
  /** The reference of each result in its body. */
  readonly returns: ReadonlyMap<string, string>;
  readonly nodes: Nodes;
}

export interface Graph {
  readonly nodes: Nodes;
  readonly functions: ReadonlyMap<string, GraphFunction>;
}

/** They give what they are given, in another type, shape or place. */
const PASSING = new Set([
  ...['Identity', 'IdentityN', 'Cast', 'CheckNumerics', 'EnsureShape', 'PreventGradient'],
  ...['Reshape', 'Snapshot', 'Squeeze', 'StopGradient'],
]);

/** Deeper than any model is nested; functions that call each other would never end. */
const MAX_STEPS = 1000;

/**
 * The operation that makes a tensor, looked for behind casts, reshapes and calls of functions.
 *
 * @param reference such as `StatefulPartitionedCall:0`
 * @returns undefined where it cannot be followed
 */
export function lastOp(graph: Graph, reference: string): string | undefined {
  let nodes = graph.nodes;
  let at: string | undefined = reference;
  for (let step = 0; at !== undefined && step < MAX_STEPS; step++) {
    const [name = '', ...rest] = at.split(':');
    const index = Number(rest.at(-1) ?? 0);
    const node = nodes.get(name);
    if (node === undefined) return undefined;
    const called = node.function === undefined ? undefined : graph.functions.get(node.function);
    if (called !== undefined) {
      nodes = called.nodes;
      at = called.returns.get(called.outputs[index] ?? '');
    } else if (PASSING.has(node.op)) at = node.inputs[node.op === 'IdentityN' ? index : 0];
    else return node.op;
  }
  return undefined;
}

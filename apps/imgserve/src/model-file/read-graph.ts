import type { Field, WireReader } from '../wire/wire-reader.js';
import type { Graph, GraphFunction, GraphNode } from './graph.js';

/** Reads a GraphDef: names, operations and edges; no constant. */
export function readGraph(reader: WireReader, field: Field): Graph {
  const nodes = new Map<string, GraphNode>();
  const functions = new Map<string, GraphFunction>();
  reader.fields(field, (part) => {
    if (part.number === 1) addNode(reader, part, nodes);
    if (part.number === 2) {
      reader.fields(part, (entry) => {
        if (entry.number === 1) addFunction(reader, entry, functions);
      });
    }
  });
  return { nodes, functions };
}

/** NodeDef. */
function addNode(reader: WireReader, field: Field, nodes: Map<string, GraphNode>): void {
  let name = '';
  let op = '';
  let called: string | undefined;
  const inputs: string[] = [];
  reader.fields(field, (part) => {
    if (part.number === 1) name = reader.string(part);
    if (part.number === 2) op = reader.string(part);
    if (part.number === 3) inputs.push(reader.string(part));
    if (part.number === 5 && op.endsWith('PartitionedCall')) {
      const { key, value } = reader.entry(part);
      if (key === 'f' && value !== undefined) called = functionName(reader, value);
    }
  });
  nodes.set(name, called === undefined ? { op, inputs } : { op, inputs, function: called });
}

/** AttrValue with a NameAttrList. */
function functionName(reader: WireReader, attribute: Field): string | undefined {
  let name: string | undefined;
  reader.fields(attribute, (part) => {
    if (part.number !== 10) return;
    reader.fields(part, (field) => {
      if (field.number === 1) name = reader.string(field);
    });
  });
  return name;
}

/** FunctionDef. */
function addFunction(
  reader: WireReader,
  field: Field,
  functions: Map<string, GraphFunction>,
): void {
  let name = '';
  const outputs: string[] = [];
  const returns = new Map<string, string>();
  const nodes = new Map<string, GraphNode>();
  reader.fields(field, (part) => {
    if (part.number === 1) {
      // OpDef.
      reader.fields(part, (detail) => {
        if (detail.number === 1) name = reader.string(detail);
        if (detail.number === 3) {
          reader.fields(detail, (argument) => {
            if (argument.number === 1) outputs.push(reader.string(argument));
          });
        }
      });
    }
    if (part.number === 3) addNode(reader, part, nodes);
    if (part.number === 4) {
      const { key, value } = reader.entry(part);
      if (value !== undefined) returns.set(key, reader.string(value));
    }
  });
  functions.set(name, { outputs, returns, nodes });
}

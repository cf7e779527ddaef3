import { tensorflowType } from '../wire/data-types.js';
import { WireError, WireReader, type Field } from '../wire/wire-reader.js';
import { lastOp, type Graph } from './graph.js';
import type { MetaGraphInfo, SignatureInfo, TensorInfo } from './model-info.js';
import { readGraph } from './read-graph.js';

/** What `saved_model.pb` says. */
export interface SavedModelContent {
  readonly tensorflow_version: string | null;
  readonly meta_graphs: readonly MetaGraphInfo[];
}

/**
 * Reads `saved_model.pb` of any size: names and shapes, and none of its constants.
 * (tensorflow/core/protobuf/saved_model.proto, meta_graph.proto)
 *
 * @throws WireError where it is none
 */
export function readSavedModel(path: string): SavedModelContent {
  const graphs: (MetaGraphInfo & { readonly version: string | null })[] = [];
  WireReader.read(path, (reader, whole) => {
    reader.fields(whole, (field) => {
      if (field.number === 2) graphs.push(readMetaGraph(reader, field));
    });
  });
  const [first] = graphs;
  if (first === undefined) throw new WireError('no graph in it');
  return {
    tensorflow_version: first.version,
    meta_graphs: graphs.map(({ tags, signatures }) => ({ tags, signatures })),
  };
}

function readMetaGraph(
  reader: WireReader,
  field: Field,
): MetaGraphInfo & { readonly version: string | null } {
  const tags: string[] = [];
  let version: string | null = null;
  let graph: Graph = { nodes: new Map(), functions: new Map() };
  const signatures: [name: string, value: Field][] = [];
  reader.fields(field, (part) => {
    if (part.number === 1) {
      reader.fields(part, (info) => {
        if (info.number === 4) tags.push(reader.string(info));
        if (info.number === 5) version = reader.string(info);
      });
    }
    if (part.number === 2) graph = readGraph(reader, part);
    if (part.number === 5) {
      const { key, value } = reader.entry(part);
      if (value !== undefined) signatures.push([key, value]);
    }
  });
  // Aliases in ascending order, as TensorFlow Serving and saved_model_cli list them.
  const entries = signatures
    .sort(byKey)
    .map(([name, value]) => [name, readSignature(reader, value, graph)] as const);
  return { tags, version, signatures: Object.fromEntries(entries) };
}

/** SignatureDef. */
function readSignature(reader: WireReader, field: Field, graph: Graph): SignatureInfo {
  const inputs: [string, TensorInfo][] = [];
  const outputs: [string, TensorInfo][] = [];
  let methodName = '';
  reader.fields(field, (part) => {
    if (part.number === 3) methodName = reader.string(part);
    if (part.number !== 1 && part.number !== 2) return;
    const { key, value } = reader.entry(part);
    if (value === undefined) return;
    (part.number === 1 ? inputs : outputs).push([key, readTensor(reader, value)]);
  });
  const lastOps = outputs.flatMap(([alias, { name = '' }]) => {
    const op = lastOp(graph, name);
    return op === undefined ? [] : [[alias, op] as const];
  });
  return {
    method_name: methodName,
    inputs: Object.fromEntries(inputs.sort(byKey)),
    outputs: Object.fromEntries(outputs.sort(byKey)),
    last_ops: Object.fromEntries(lastOps),
  };
}

/** TensorInfo. */
function readTensor(reader: WireReader, field: Field): TensorInfo {
  let name = '';
  let dtype = 0;
  let shape: readonly number[] | null = [];
  reader.fields(field, (part) => {
    if (part.number === 1) name = reader.string(part);
    if (part.number === 2) dtype = reader.int(part);
    if (part.number === 3) shape = readShape(reader, part);
  });
  return { dtype: tensorflowType(dtype), shape, name };
}

/** TensorShapeProto; null where the rank is open. */
function readShape(reader: WireReader, field: Field): number[] | null {
  const sizes: number[] = [];
  const found = { isRankOpen: false };
  reader.fields(field, (part) => {
    if (part.number === 3) found.isRankOpen = reader.int(part) !== 0;
    if (part.number !== 2) return;
    let size = 0;
    reader.fields(part, (dimension) => {
      if (dimension.number === 1) size = reader.int(dimension);
    });
    sizes.push(size);
  });
  return found.isRankOpen ? null : sizes;
}

function byKey([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}

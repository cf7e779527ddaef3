import { statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { onnxType } from '../wire/data-types.js';
import { WireError, WireReader, type Field } from '../wire/wire-reader.js';
import type { ExternalData, OnnxInfo, TensorInfo } from './model-info.js';

type OnnxContent = Omit<OnnxInfo, 'format' | 'path' | 'bytes'>;

/** They give what they are given, in another type, shape or place. */
const PASSING = ['Cast', 'Flatten', 'Identity', 'Reshape', 'Squeeze', 'Unsqueeze'];
const MAX_STEPS = 1000;

interface Initializer {
  readonly name: string;
  readonly parameters: number;
  readonly file: string | undefined;
}

/**
 * Reads an ONNX file of any size: its graph's ends, and none of its weights. (onnx/onnx.proto)
 *
 * @throws WireError where it is none
 */
export function readOnnx(path: string): OnnxContent {
  return WireReader.read(path, (reader, whole) => {
    let irVersion = 0;
    let producer = '';
    let producerVersion = '';
    let graph: Graph | undefined;
    const opsets: [string, number][] = [];
    reader.fields(whole, (field) => {
      if (field.number === 1) irVersion = reader.int(field);
      if (field.number === 2) producer = reader.string(field);
      if (field.number === 3) producerVersion = reader.string(field);
      if (field.number === 7) graph = readGraph(reader, field);
      if (field.number === 8) opsets.push(readOpset(reader, field));
    });
    if (graph === undefined || irVersion === 0) throw new WireError('no graph in it');
    return {
      ir_version: irVersion,
      opsets: Object.fromEntries(opsets),
      producer: [producer, producerVersion].filter((word) => word !== '').join(' ') || null,
      ...contentOf(graph, dirname(path)),
    };
  });
}

interface Graph {
  readonly inputs: (readonly [string, TensorInfo])[];
  readonly outputs: (readonly [string, TensorInfo])[];
  readonly initializers: Initializer[];
  /** By the name of what they make. */
  readonly makers: Map<string, { readonly op: string; readonly input: string | undefined }>;
}

function contentOf(
  { inputs, outputs, initializers, makers }: Graph,
  folder: string,
): Pick<OnnxContent, 'signature' | 'initializers' | 'external_data'> {
  // Before IR 4 weights were inputs, too.
  const weights = new Set(initializers.map(({ name }) => name));
  const files = new Set(initializers.map(({ file }) => file).filter((file) => file !== undefined));
  return {
    signature: {
      inputs: Object.fromEntries(inputs.filter(([name]) => !weights.has(name))),
      outputs: Object.fromEntries(outputs),
      last_ops: Object.fromEntries(
        outputs.flatMap(([name]) => {
          const op = lastOp(makers, name);
          return op === undefined ? [] : [[name, op] as const];
        }),
      ),
    },
    initializers: {
      count: initializers.length,
      parameters: initializers.reduce((sum, { parameters }) => sum + parameters, 0),
    },
    external_data: [...files].sort().map((file) => externalData(folder, file)),
  };
}

function externalData(folder: string, file: string): ExternalData {
  const bytes = statSync(join(folder, file), { throwIfNoEntry: false })?.size ?? null;
  return { file, bytes };
}

function lastOp(makers: Graph['makers'], output: string): string | undefined {
  let at: string | undefined = output;
  for (let step = 0; at !== undefined && step < MAX_STEPS; step++) {
    const maker = makers.get(at);
    if (maker === undefined || !PASSING.includes(maker.op)) return maker?.op;
    at = maker.input;
  }
  return undefined;
}

/** GraphProto. */
function readGraph(reader: WireReader, field: Field): Graph {
  const graph: Graph = { inputs: [], outputs: [], initializers: [], makers: new Map() };
  reader.fields(field, (part) => {
    if (part.number === 1) readNode(reader, part, graph.makers);
    if (part.number === 5) graph.initializers.push(readInitializer(reader, part));
    if (part.number === 11) graph.inputs.push(readValue(reader, part));
    if (part.number === 12) graph.outputs.push(readValue(reader, part));
  });
  return graph;
}

/** NodeProto. */
function readNode(reader: WireReader, field: Field, makers: Graph['makers']): void {
  let input: string | undefined;
  let op = '';
  const outputs: string[] = [];
  reader.fields(field, (part) => {
    if (part.number === 1) input ??= reader.string(part);
    if (part.number === 2) outputs.push(reader.string(part));
    if (part.number === 4) op = reader.string(part);
  });
  for (const output of outputs) makers.set(output, { op, input });
}

/** TensorProto, whose `raw_data` is not looked at. */
function readInitializer(reader: WireReader, field: Field): Initializer {
  let name = '';
  let file: string | undefined;
  const dims: number[] = [];
  reader.fields(field, (part) => {
    if (part.number === 1) dims.push(...reader.ints(part));
    if (part.number === 8) name = reader.string(part);
    if (part.number !== 13) return;
    const { key, value } = reader.entry(part);
    if (key === 'location' && value !== undefined) file = reader.string(value);
  });
  return { name, file, parameters: dims.reduce((product, size) => product * size, 1) };
}

/** ValueInfoProto. */
function readValue(reader: WireReader, field: Field): readonly [string, TensorInfo] {
  let name = '';
  let dtype = 'DT_INVALID';
  let shape: readonly number[] | null = null;
  reader.fields(field, (part) => {
    if (part.number === 1) name = reader.string(part);
    if (part.number !== 2) return;
    reader.fields(part, (type) => {
      if (type.number !== 1) return;
      reader.fields(type, (tensor) => {
        if (tensor.number === 1) dtype = onnxType(reader.int(tensor));
        if (tensor.number === 2) shape = readShape(reader, tensor);
      });
    });
  });
  return [name, { dtype, shape }];
}

/** Symbolic sizes are -1. */
function readShape(reader: WireReader, field: Field): number[] {
  const shape: number[] = [];
  reader.fields(field, (part) => {
    if (part.number !== 1) return;
    let size = -1;
    reader.fields(part, (dimension) => {
      if (dimension.number === 1) size = reader.int(dimension);
    });
    shape.push(size);
  });
  return shape;
}

/** OperatorSetIdProto. */
function readOpset(reader: WireReader, field: Field): [string, number] {
  let domain = '';
  let version = 0;
  reader.fields(field, (part) => {
    if (part.number === 1) domain = reader.string(part);
    if (part.number === 2) version = reader.int(part);
  });
  return [domain === '' ? 'ai.onnx' : domain, version];
}

import type { ModelSpec, TensorProto } from '#protos';
import { toTensorProto, type Tensor } from '#tensor';
import { predictRequest, tensorProto } from './package-definition.js';

export interface PredictMessage {
  modelSpec: ModelSpec;
  inputs: Record<string, Tensor>;
  outputFilter?: string[];
}

// Tags of length-delimited fields: number << 3 | 2.
const PREDICT_REQUEST_INPUTS = 0x12;
const MAP_KEY = 0x0a;
const MAP_VALUE = 0x12;
const TENSOR_CONTENT = 0x22;
const STRING_VAL = 0x42;

/**
 * The pieces of an encoded PredictRequest, in order. The elements of the inputs are pieces of their
 * own, views of the tensors' memory: whoever joins the pieces makes the only copy.
 * @throws InvalidTensorError where an input contradicts itself.
 */
export function encodePredict({ modelSpec, inputs, outputFilter }: PredictMessage): Uint8Array[] {
  // Fields may come in any order and messages may be concatenated (protobuf's encoding guide), so
  // everything small is left to the generated code.
  const pieces: Uint8Array[] = [predictRequest.serialize({ modelSpec, outputFilter })];
  for (const [alias, tensor] of Object.entries(inputs)) {
    const key = field(MAP_KEY, [Buffer.from(alias)]);
    const value = field(MAP_VALUE, encodeTensor(toTensorProto(tensor)));
    pieces.push(...field(PREDICT_REQUEST_INPUTS, [...key, ...value]));
  }
  return pieces;
}

function encodeTensor({ tensorContent, stringVal, ...header }: TensorProto): Uint8Array[] {
  const pieces: Uint8Array[] = [tensorProto.serialize(header)];
  if (tensorContent) {
    pieces.push(...field(TENSOR_CONTENT, [tensorContent]));
  }
  for (const text of stringVal ?? []) {
    pieces.push(...field(STRING_VAL, [text]));
  }
  return pieces;
}

function field(tag: number, content: Uint8Array[]): Uint8Array[] {
  const prefix = [tag];
  let length = content.reduce((sum, piece) => sum + piece.length, 0);
  while (length > 0x7f) {
    prefix.push((length % 0x80) + 0x80);
    length = Math.floor(length / 0x80);
  }
  prefix.push(length);
  return [Uint8Array.from(prefix), ...content];
}

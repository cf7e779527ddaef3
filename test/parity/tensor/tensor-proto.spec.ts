import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadSync, type MessageTypeDefinition } from '@grpc/proto-loader';
import { PROTO_LOADER_OPTIONS, SERVING_PROTOS, type TensorProto } from '#protos';
import {
  InvalidTensorError,
  bfloat16FromFloat32,
  float32FromBfloat16,
  float32FromHalf,
  fromTensorProto,
  halfFromFloat32,
  toTensorProto,
} from '#tensor';

interface TensorVector {
  name: string;
  dtype: string;
  shape: number[];
  proto: string;
  data?: string;
  strings?: string[];
  canonical: boolean;
}

interface SpreadVector {
  count: number;
  half: string;
  bfloat16: string;
}

const vectors = JSON.parse(readFileSync(join(import.meta.dirname, 'vectors.json'), 'utf8')) as {
  tensors: TensorVector[];
  refused: { name: string; proto: string }[];
  conversions: {
    halfToFloat32: string;
    bfloat16ToFloat32: string;
    spread: SpreadVector;
    ties: SpreadVector;
  };
};

const message = loadSync(SERVING_PROTOS, PROTO_LOADER_OPTIONS)[
  'tensorflow.TensorProto'
] as MessageTypeDefinition<TensorProto, TensorProto>;

describe('fromTensorProto', () => {
  it.each(vectors.tensors)(
    'reads as TensorFlow: $name',
    ({ proto, dtype, shape, data, strings }) => {
      const tensor = fromTensorProto(message.deserialize(Buffer.from(proto, 'base64')));
      expect(tensor.dtype).toBe(dtype);
      expect(tensor.shape).toEqual(shape);
      if (Array.isArray(tensor.data)) {
        expect(tensor.data.map((text) => Buffer.from(text).toString('base64'))).toEqual(strings);
      } else {
        expect(bytesOf(tensor.data).toString('base64')).toBe(data);
      }
    },
  );

  it.each(vectors.refused)('refuses as TensorFlow: $name', ({ proto }) => {
    const read = message.deserialize(Buffer.from(proto, 'base64'));
    expect(() => fromTensorProto(read)).toThrow(InvalidTensorError);
  });
});

describe('toTensorProto', () => {
  it.each(vectors.tensors.filter(({ canonical }) => canonical))(
    "gives TensorFlow's bytes: $name",
    ({ proto }) => {
      const bytes = Buffer.from(proto, 'base64');
      const written = message.serialize(toTensorProto(fromTensorProto(message.deserialize(bytes))));
      expect(written.toString('hex')).toBe(bytes.toString('hex'));
    },
  );
});

describe('16-bit floats', () => {
  const { conversions } = vectors;
  const every16Bits = Uint16Array.from({ length: 1 << 16 }, (_, bits) => bits);

  it('widens every half as numpy', () => {
    expect(sha256(float32FromHalf(every16Bits))).toBe(conversions.halfToFloat32);
  });

  it('widens every bfloat16 as ml_dtypes', () => {
    expect(sha256(float32FromBfloat16(every16Bits))).toBe(conversions.bfloat16ToFloat32);
  });

  it.each([
    { name: 'patterns spread over all of float32', input: spread(), want: conversions.spread },
    { name: 'the ties between halves and their neighbours', input: ties(), want: conversions.ties },
  ])('rounds $name as numpy and ml_dtypes', ({ input, want }) => {
    expect(input).toHaveLength(want.count);
    expect(sha256(halfFromFloat32(input))).toBe(want.half);
    expect(sha256(bfloat16FromFloat32(input))).toBe(want.bfloat16);
  });
});

/** The inputs of make_vectors.py's `conversions`. */
function spread(): Float32Array {
  const bits = Uint32Array.from({ length: 1 << 20 }, (_, index) => (index * 4099) % 2 ** 32);
  return new Float32Array(bits.buffer);
}

function ties(): Float32Array {
  const halves = float32FromHalf(Uint16Array.from({ length: 0x7c00 }, (_, bits) => bits));
  const middles = halves.slice(1).map((half, index) => (halves[index]! + half) / 2);
  const bits = [...new Uint32Array(middles.buffer)];
  const all = [-1, 0, 1].flatMap((offset) => [
    ...bits.map((middle) => middle + offset),
    ...bits.map((middle) => middle + offset + 2 ** 31),
  ]);
  return new Float32Array(Uint32Array.from(all).buffer);
}

function sha256(array: Uint16Array | Float32Array): string {
  return createHash('sha256').update(bytesOf(array)).digest('hex');
}

function bytesOf(array: ArrayBufferView): Buffer {
  return Buffer.from(array.buffer, array.byteOffset, array.byteLength);
}

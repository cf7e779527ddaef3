import type { TensorProto } from '#protos';
import {
  InvalidTensorError,
  elementCount,
  elementSize,
  fromTensorProto,
  isSupportedDataType,
  toFloat32Array,
  toTensorProto,
  type Tensor,
} from './index.js';

const dims = (...sizes: (number | string)[]) => ({ dim: sizes.map((size) => ({ size })) });

describe('toTensorProto', () => {
  it("sends the array's own bytes, without a copy", () => {
    const data = new Float32Array(20).subarray(4, 10);
    const { tensorContent } = toTensorProto({ dtype: 'DT_FLOAT', shape: [2, 3], data });
    expect(tensorContent!.buffer).toBe(data.buffer);
    expect(tensorContent!.byteOffset).toBe(16);
    expect(tensorContent!.byteLength).toBe(24);
  });

  it.each<{ name: string; tensor: Tensor; message: string }>([
    {
      name: 'an array of another dtype',
      tensor: { dtype: 'DT_FLOAT', shape: [1], data: new Float64Array(1) },
      message: 'Expected Float32Array for DT_FLOAT but received Float64Array',
    },
    {
      name: 'numbers for strings',
      tensor: { dtype: 'DT_STRING', shape: [1], data: new Uint8Array(1) },
      message: 'Expected Array for DT_STRING but received Uint8Array',
    },
    {
      name: 'strings for numbers',
      tensor: { dtype: 'DT_UINT8', shape: [1], data: [new Uint8Array(1)] },
      message: 'Expected Uint8Array for DT_UINT8 but received Array',
    },
    {
      name: 'an array that does not fill the shape',
      tensor: { dtype: 'DT_UINT8', shape: [2, 2], data: new Uint8Array(5) },
      message: 'Expected 4 elements for shape [2, 2] but received 5',
    },
    {
      name: 'a fraction of a dimension',
      tensor: { dtype: 'DT_UINT8', shape: [1.5], data: new Uint8Array(2) },
      message: 'Expected dimensions to be whole numbers from 0 but received [1.5]',
    },
    {
      name: 'complex numbers',
      tensor: { dtype: 'DT_COMPLEX64', shape: [1], data: new Float32Array(2) },
      message: 'Expected a supported dtype but received DT_COMPLEX64',
    },
  ])('refuses $name', ({ tensor, message }) => {
    expect(() => toTensorProto(tensor)).toThrow(new InvalidTensorError(message));
  });
});

describe('fromTensorProto', () => {
  it('views aligned bytes where they are', () => {
    const message = Buffer.from(new Float32Array([0, 1, 2]).buffer);
    const tensorContent = message.subarray(4);
    const { data } = fromTensorProto({ dtype: 'DT_FLOAT', tensorShape: dims(2), tensorContent });
    expect(data).toEqual(new Float32Array([1, 2]));
    expect((data as Float32Array).buffer).toBe(message.buffer);
  });

  it.each([1, 2, 3, 4, 5, 6, 7])('reads 64-bit elements at an address %i past aligned', (by) => {
    const message = new Uint8Array(24);
    message.set(new Uint8Array(new BigInt64Array([-5n, 2n ** 62n]).buffer), by);
    const tensorContent = message.subarray(by, by + 16);
    const { data } = fromTensorProto({ dtype: 'DT_INT64', tensorShape: dims(2), tensorContent });
    expect(data).toEqual(new BigInt64Array([-5n, 2n ** 62n]));
  });

  it('takes a message without a shape for a scalar', () => {
    const tensor = fromTensorProto({ dtype: 'DT_INT32', tensorShape: null, intVal: [7] });
    expect(tensor).toEqual({ dtype: 'DT_INT32', shape: [], data: new Int32Array([7]) });
  });

  it.each<{ name: string; proto: TensorProto; message: string }>([
    {
      name: 'an unknown dtype',
      proto: { dtype: 99, tensorShape: dims(1) },
      message: 'Expected a supported dtype but received 99',
    },
    {
      name: 'a dtype named as a property of every object',
      proto: { dtype: 'constructor' as 'DT_FLOAT', tensorShape: dims(1) },
      message: 'Expected a supported dtype but received constructor',
    },
    {
      name: 'a message without a dtype',
      proto: { dtype: 'DT_INVALID' },
      message: 'Expected a supported dtype but received DT_INVALID',
    },
    {
      name: 'an unknown rank',
      proto: { dtype: 'DT_FLOAT', tensorShape: { unknownRank: true }, floatVal: [1] },
      message: 'Expected a tensor of known rank',
    },
    {
      name: 'more values than elements',
      proto: { dtype: 'DT_FLOAT', tensorShape: dims(2), floatVal: [1, 2, 3] },
      message: 'Expected at most 2 values but received 3',
    },
    {
      name: 'more strings than elements',
      proto: { dtype: 'DT_STRING', tensorShape: dims(0), stringVal: [new Uint8Array()] },
      message: 'Expected at most 0 values but received 1',
    },
    {
      name: 'bytes for a shape without elements',
      proto: { dtype: 'DT_UINT8', tensorShape: dims(3, 0), tensorContent: new Uint8Array(1) },
      message: 'Expected 0 bytes of tensor_content but received 1',
    },
    {
      name: 'a trillion elements from one value',
      proto: { dtype: 'DT_FLOAT', tensorShape: dims('1000000000000'), floatVal: [1] },
      message: 'Expected at most 67108864 bytes of elements but the shape asks for 4000000000000',
    },
    {
      name: 'a trillion strings',
      proto: { dtype: 'DT_STRING', tensorShape: dims(1e12) },
      message: 'Expected at most 67108864 bytes of elements but the shape asks for 8000000000000',
    },
    {
      name: 'ten million strings in a few bytes of content',
      proto: { dtype: 'DT_STRING', tensorShape: dims(8e6), tensorContent: new Uint8Array(20) },
      message: 'Expected tensor_content to hold one length and text per string',
    },
    {
      name: 'a count past 2^53',
      proto: { dtype: 'DT_UINT8', tensorShape: dims(2 ** 30, 2 ** 30) },
      message: 'Too many elements in shape [1073741824, 1073741824]',
    },
    {
      name: 'a dimension past 2^53',
      proto: { dtype: 'DT_UINT8', tensorShape: dims('9223372036854775807', 0) },
      message:
        'Expected dimensions to be whole numbers from 0 but received [9223372036854776000, 0]',
    },
  ])('refuses $name', ({ proto, message }) => {
    expect(() => fromTensorProto(proto)).toThrow(new InvalidTensorError(message));
  });

  it('grows values up to the limit and no further', () => {
    const proto: TensorProto = { dtype: 'DT_INT16', tensorShape: dims(4), intVal: [3] };
    expect(fromTensorProto(proto, { maxBytes: 8 }).data).toEqual(new Int16Array([3, 3, 3, 3]));
    expect(() => fromTensorProto(proto, { maxBytes: 7 })).toThrow(InvalidTensorError);
  });

  it('does not count bytes that were sent against the limit', () => {
    const tensorContent = new Uint8Array(16);
    const proto: TensorProto = { dtype: 'DT_UINT8', tensorShape: dims(16), tensorContent };
    expect(fromTensorProto(proto, { maxBytes: 8 }).data).toHaveLength(16);
  });
});

describe('toFloat32Array', () => {
  it('is the array itself for DT_FLOAT', () => {
    const data = new Float32Array([1, 2]);
    expect(toFloat32Array({ dtype: 'DT_FLOAT', shape: [2], data })).toBe(data);
  });

  it.each<Tensor>([
    { dtype: 'DT_HALF', shape: [2], data: new Uint16Array([0x3c00, 0xc000]) },
    { dtype: 'DT_BFLOAT16', shape: [2], data: new Uint16Array([0x3f80, 0xc000]) },
    { dtype: 'DT_DOUBLE', shape: [2], data: new Float64Array([1, -2]) },
    { dtype: 'DT_INT8', shape: [2], data: new Int8Array([1, -2]) },
    { dtype: 'DT_INT64', shape: [2], data: new BigInt64Array([1n, -2n]) },
  ])('converts $dtype', (tensor) => {
    expect(toFloat32Array(tensor)).toEqual(new Float32Array([1, -2]));
  });

  it('refuses strings', () => {
    const tensor: Tensor = { dtype: 'DT_STRING', shape: [0], data: [] };
    expect(() => toFloat32Array(tensor)).toThrow(InvalidTensorError);
  });
});

describe('data types', () => {
  it.each([
    ['DT_FLOAT', 4],
    ['DT_HALF', 2],
    ['DT_BOOL', 1],
    ['DT_UINT64', 8],
    ['DT_STRING', undefined],
  ] as const)('%s takes %s bytes per element', (dtype, size) => {
    expect(elementSize(dtype)).toBe(size);
  });

  it('carries strings but not complex numbers', () => {
    expect(isSupportedDataType('DT_STRING')).toBe(true);
    expect(isSupportedDataType('DT_COMPLEX128')).toBe(false);
  });

  it('counts one element in a scalar and none in an empty shape', () => {
    expect([elementCount([]), elementCount([3, 0])]).toEqual([1, 0]);
  });
});

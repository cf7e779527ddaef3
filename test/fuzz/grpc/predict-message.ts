import { encodePredictRequest } from '../../../apps/model-server/test-fixtures/serving-client.js';
import type { DataTypeName, PredictRequest, TensorProto } from '#protos';
import { EDGES, mutateBytes } from '../bytes.js';
import type { Random } from '../random.js';

/** What each of the served models takes, so that most of a request is right. */
const SERVABLES: readonly (readonly [
  name: string,
  input: string,
  dtype: DataTypeName,
  shape: readonly number[],
])[] = [
  ['nearest', 'pixels', 'DT_UINT8', [2, 16, 16, 3]],
  ['half_plus_two', 'x', 'DT_FLOAT', [2, 3]],
  ['double_float16', 'x', 'DT_HALF', [2, 2]],
  ['identity_string', 'text', 'DT_STRING', [2]],
  ['fixed_batch', 'x', 'DT_FLOAT', [4, 2]],
  ['rows_of_three', 'x', 'DT_FLOAT', [2, 3]],
  ['total', 'x', 'DT_FLOAT', [2, 2]],
];

const DTYPES = [
  'DT_INVALID',
  'DT_FLOAT',
  'DT_DOUBLE',
  'DT_INT32',
  'DT_UINT8',
  'DT_STRING',
  'DT_COMPLEX64',
  'DT_INT64',
  'DT_BOOL',
  'DT_BFLOAT16',
  'DT_HALF',
  'DT_RESOURCE',
  'DT_FLOAT_REF',
  0,
  255,
  -1,
] as DataTypeName[];

const BYTES: Partial<Record<DataTypeName, number>> = { DT_UINT8: 1, DT_HALF: 2, DT_FLOAT: 4 };

/** The bytes of a PredictRequest that is wrong in its words or in its encoding. */
export function predictMessage(random: Random): Buffer {
  const [name, input, dtype, shape] = random.pick(SERVABLES);
  const request: PredictRequest = {
    modelSpec: specOf(name, random),
    inputs: { [input]: tensor(dtype, shape, random) },
    outputFilter: random.chance(0.1) ? ['y', 'y', 'scores', ''].slice(0, random.between(1, 4)) : [],
  };
  if (random.chance(0.05))
    request.inputs![random.pick(['', 'y', '__proto__'])] = tensor(dtype, shape, random);
  const message = encodePredictRequest(request);
  return random.chance(0.4) ? mutateBytes(message, random) : message;
}

function specOf(name: string, random: Random): PredictRequest['modelSpec'] {
  if (random.chance(0.9)) return { name };
  return random.pick([
    {},
    { name: '' },
    { name: '__proto__' },
    { name: '../nearest' },
    { name: '\ufffd'.repeat(5000) },
    { name, version: { value: '-1' } },
    { name, version: { value: '9223372036854775807' } },
    { name, versionLabel: 'a' },
    { name, signatureName: 'b'.repeat(9000) },
  ]);
}

function tensor(dtype: DataTypeName, shape: readonly number[], random: Random): TensorProto {
  const dims = random.chance(0.3) ? wrongShape(shape, random) : shape;
  const count = shape.reduce((product, size) => product * size, 1);
  const changed = random.chance(0.15) ? random.pick(DTYPES) : dtype;
  const tensorShape = random.chance(0.03)
    ? { unknownRank: true }
    : { dim: dims.map((size) => ({ size: String(size), name: random.chance(0.1) ? 'n' : '' })) };
  if (dtype === 'DT_STRING' && random.chance(0.7)) {
    const stringVal = Array.from({ length: random.below(5) }, () => random.bytes(random.below(20)));
    return { dtype: changed, tensorShape, stringVal };
  }
  if (random.chance(0.3)) {
    const values = Array.from({ length: random.below(2 * count + 2) }, () => random.below(300));
    return {
      dtype: changed,
      tensorShape,
      [random.pick(['floatVal', 'intVal', 'halfVal', 'boolVal', 'doubleVal', 'int64Val'])]: values,
    };
  }
  const length = count * (BYTES[dtype] ?? 1);
  return {
    dtype: changed,
    tensorShape,
    tensorContent: random.bytes(random.chance(0.7) ? length : random.below(2 * length)),
  };
}

/** Negative, empty, enormous, of another rank: whose product may overflow. */
function wrongShape(shape: readonly number[], random: Random): number[] {
  const sizes = [...EDGES, -1, -(2 ** 31), 2 ** 40, 2 ** 52];
  if (random.chance(0.2))
    return Array.from({ length: random.pick([0, 1, 5, 254, 255, 3000]) }, () =>
      random.pick([0, 1, 2, -1]),
    );
  return shape.map((size) => (random.chance(0.5) ? random.pick(sizes) : size));
}

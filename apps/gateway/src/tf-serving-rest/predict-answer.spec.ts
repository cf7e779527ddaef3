import type { Tensor } from '#tensor';
import { renderOutputs } from './predict-answer.js';

const floats = (shape: number[], ...values: number[]): Tensor => ({
  dtype: 'DT_FLOAT',
  shape,
  data: new Float32Array(values),
});
const strings = (...values: string[]): Tensor => ({
  dtype: 'DT_STRING',
  shape: [values.length],
  data: values.map((value) => Buffer.from(value)),
});

describe('the answer to :predict', () => {
  it.each([
    ['few digits where they suffice', 0.2, '0.2'],
    ['all digits where they are needed', 1.1920929e-7, '1.1920929e-7'],
    ['nine digits of a number that six do not tell', 16777217.5, '16777218.0'],
    ['a fraction where there is none', 3, '3.0'],
    ['NaN as a word', NaN, 'NaN'],
    ['infinities as words', -Infinity, '-Infinity'],
  ])('has %s', (_name, value, text) => {
    expect(renderOutputs({ y: floats([1, 1], value) }, 'instances')).toBe(
      `{"predictions":[[${text}]]}`,
    );
  });

  it('reads back as the same float32', () => {
    const values = Array.from({ length: 999 }, (_, n) => Math.fround(Math.sin(n) * 10 ** (n % 19)));
    const text = renderOutputs({ y: floats([1, 999], ...values) }, 'instances');
    const { predictions } = JSON.parse(text) as { predictions: number[][] };
    expect(predictions[0]!.map(Math.fround)).toEqual(values);
  });

  it.each<[string, Tensor, string]>([
    ['a number each', floats([2], 1, 2), '[1.0,2.0]'],
    ['nested lists', floats([1, 2, 2], 1, 2, 3, 4), '[[[1.0,2.0],[3.0,4.0]]]'],
    ['empty lists', floats([2, 0]), '[[],[]]'],
    ['no rows', floats([0, 2]), '[]'],
    ['integers', { dtype: 'DT_INT64', shape: [1], data: new BigInt64Array([-5n]) }, '[-5]'],
    ['booleans', { dtype: 'DT_BOOL', shape: [2], data: new Uint8Array([1, 0]) }, '[true,false]'],
    ['halves', { dtype: 'DT_HALF', shape: [1], data: new Uint16Array([0x3c00]) }, '[1.0]'],
    ['strings', strings('ü"'), '["ü\\""]'],
  ])('of one output has %s without its name', (_name, tensor, values) => {
    expect(renderOutputs({ y: tensor }, 'instances')).toBe(`{"predictions":${values}}`);
    expect(renderOutputs({ y: tensor }, 'inputs')).toBe(`{"outputs":${values}}`);
  });

  it('of several outputs has their names, in each row or once', () => {
    const outputs = { a: floats([2, 1], 1, 2), b_bytes: strings('x', 'y') };
    expect(renderOutputs(outputs, 'instances')).toBe(
      '{"predictions":[{"a":[1.0],"b_bytes":{"b64":"eA=="}},{"a":[2.0],"b_bytes":{"b64":"eQ=="}}]}',
    );
    expect(renderOutputs(outputs, 'inputs')).toBe(
      '{"outputs":{"a":[[1.0],[2.0]],"b_bytes":[{"b64":"eA=="},{"b64":"eQ=="}]}}',
    );
  });
});

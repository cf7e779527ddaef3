import { halfFromFloat32 } from '#tensor';
import { UnusableScoresError } from './errors.js';
import { parseModelSpec } from './model-spec.js';
import { probabilitiesOf } from './scores.js';

function spec(scores: 'logits' | 'probabilities'): ReturnType<typeof parseModelSpec> {
  const image = { size: [4, 4], scaling: 'tf' };
  return parseModelSpec({ name: 'm', image, scores, labels: ['a', 'b', 'c'] });
}

function floats(...values: number[]): { dtype: 'DT_FLOAT'; shape: number[]; data: Float32Array } {
  return { dtype: 'DT_FLOAT', shape: [1, values.length], data: new Float32Array(values) };
}

describe('probabilitiesOf', () => {
  it('turns logits into probabilities that add up to one', () => {
    const probabilities = probabilitiesOf(floats(1, 2, 3), spec('logits'));
    expect(probabilities).toEqual([0.09003057, 0.2447285, 0.665241]);
  });

  it('survives logits whose exponential overflows', () => {
    expect(probabilitiesOf(floats(1000, 0, -1000), spec('logits'))).toEqual([1, 0, 0]);
  });

  it('leaves probabilities as they are, to seven digits', () => {
    expect(probabilitiesOf(floats(0.1, 0.2, 0.7), spec('probabilities'))).toEqual([0.1, 0.2, 0.7]);
  });

  it('reads half floats', () => {
    const data = halfFromFloat32(new Float32Array([0.25, 0.5, 0.25]));
    const tensor = { dtype: 'DT_HALF' as const, shape: [1, 3], data };
    expect(probabilitiesOf(tensor, spec('probabilities'))).toEqual([0.25, 0.5, 0.25]);
  });

  it.each([
    ['is missing', undefined],
    ['has too few scores', floats(1, 2)],
    ['has too many', floats(1, 2, 3, 4)],
    ['holds NaN', floats(1, NaN, 3)],
    ['holds infinity', floats(1, Infinity, 3)],
  ])('refuses an output that %s', (_name, output) => {
    expect(() => probabilitiesOf(output, spec('logits'))).toThrow(UnusableScoresError);
  });
});

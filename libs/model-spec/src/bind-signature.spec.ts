import type { Signature } from '#serving-client';
import { bindSignature, SignatureMismatchError } from './bind-signature.js';
import { parseModelSpec } from './model-spec.js';

const spec = parseModelSpec({
  name: 'm',
  image: { size: [4, 6], scaling: 'tf' },
  scores: 'logits',
  labels: ['a', 'b'],
});

type Shape = number[] | undefined;

function signature(dtype: string, input: Shape, output: Shape = [-1, 2]): Signature {
  return {
    inputs: { image: { dtype, shape: input, tensorName: 'image:0' } },
    outputs: { scores: { dtype: 'DT_FLOAT', shape: output, tensorName: 'scores:0' } },
    methodName: 'tensorflow/serving/predict',
  } as Signature;
}

function bind(served: Signature): ReturnType<typeof bindSignature> {
  return bindSignature(spec, { serving_default: served });
}

describe('bindSignature', () => {
  it.each([
    ['any batch', [-1, 4, 6, 3], true],
    ['a batch of one', [1, 4, 6, 3], false],
    ['any size', [-1, -1, -1, 3], true],
    ['any rank', undefined, true],
  ])('accepts an input of %s', (_name, shape, isBatched) => {
    expect(bind(signature('DT_FLOAT', shape))).toEqual({
      signatureName: 'serving_default',
      inputAlias: 'image',
      dtype: 'DT_FLOAT',
      isBatched,
      outputAlias: 'scores',
    });
  });

  it('sends one image a call where the answer has room for one', () => {
    expect(bind(signature('DT_FLOAT', [-1, 4, 6, 3], [1, 2])).isBatched).toBe(false);
  });

  it.each(['DT_HALF', 'DT_UINT8'])('accepts %s pixels', (dtype) => {
    expect(bind(signature(dtype, [-1, 4, 6, 3])).dtype).toBe(dtype);
  });

  it('accepts encoded images as strings', () => {
    expect(bind(signature('DT_STRING', [-1])).dtype).toBe('DT_STRING');
  });

  it.each([
    ['height and width swapped', signature('DT_FLOAT', [-1, 6, 4, 3]), '[-1, 6, 4, 3]'],
    ['channels first', signature('DT_FLOAT', [-1, 3, 4, 6]), 'expected [N, 4, 6, 3]'],
    ['a fixed batch of eight', signature('DT_FLOAT', [8, 4, 6, 3]), '[8, 4, 6, 3]'],
    ['integers', signature('DT_INT32', [-1, 4, 6, 3]), 'DT_INT32'],
    ['strings of rank four', signature('DT_STRING', [-1, 4, 6, 3]), 'expected [N]'],
    ['another number of classes', signature('DT_FLOAT', [-1, 4, 6, 3], [-1, 3]), '[-1, 3]'],
  ])('refuses %s and says what it found', (_name, served, words) => {
    expect(() => bind(served)).toThrow(SignatureMismatchError);
    expect(() => bind(served)).toThrow(words);
  });

  it('refuses a signature that is not there, and names those that are', () => {
    expect(() => bindSignature(spec, { other: signature('DT_FLOAT', undefined) })).toThrow('other');
  });

  it('refuses two inputs, and names them', () => {
    const one = signature('DT_FLOAT', [-1, 4, 6, 3]);
    const two = { ...one, inputs: { ...one.inputs, mask: one.inputs['image']! } };
    expect(() => bind(two)).toThrow('image, mask');
  });

  it('refuses bytes where the resampling gives fractions', () => {
    const fractional = parseModelSpec({
      name: 'm',
      image: { size: [4, 6], scaling: 'tf', resample: 'tf-bilinear' },
      scores: 'logits',
      labels: ['a', 'b'],
    });
    const served = { serving_default: signature('DT_UINT8', [-1, 4, 6, 3]) };
    expect(() => bindSignature(fractional, served)).toThrow('tf-bilinear');
  });
});

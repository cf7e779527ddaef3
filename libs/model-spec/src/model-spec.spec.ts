import { parseModelSpec } from './model-spec.js';

const VALID = {
  name: 'clothing-model',
  image: { size: [299, 299], scaling: 'tf' },
  scores: 'logits',
  labels: ['dress', 'hat'],
};

describe('parseModelSpec', () => {
  it('fills in what a spec leaves out', () => {
    const spec = parseModelSpec(VALID);
    expect(spec.signature).toBe('serving_default');
    expect(spec.image).toMatchObject({ resample: 'nearest', fit: 'stretch', decode: 'exact' });
  });

  it.each([
    ['a number for all channels', { scale: 0.5, offset: -1 }],
    ['a number per channel', { scale: [1, 2, 3], offset: [0, 0, 0] }],
  ])('takes a rescaling with %s', (_name, scaling) => {
    const spec = parseModelSpec({ ...VALID, image: { ...VALID.image, scaling } });
    expect(spec.image.scaling).toEqual(scaling);
  });

  it.each([
    ['no name', { ...VALID, name: undefined }, 'name'],
    ['a name with a slash', { ...VALID, name: '../x' }, 'name'],
    ['no image', { ...VALID, image: undefined }, 'image'],
    ['a size of one number', { ...VALID, image: { ...VALID.image, size: [299] } }, 'size'],
    ['a size of zero', { ...VALID, image: { ...VALID.image, size: [0, 299] } }, 'size'],
    ['an unknown filter', { ...VALID, image: { ...VALID.image, resample: 'cubic' } }, 'resample'],
    ['no scaling', { ...VALID, image: { size: [9, 9] } }, 'scaling'],
    ['half a rescaling', { ...VALID, image: { ...VALID.image, scaling: { scale: 1 } } }, 'scaling'],
    ['unknown scores', { ...VALID, scores: 'percent' }, 'scores'],
    ['no labels', { ...VALID, labels: [] }, 'labels'],
    ['a label twice', { ...VALID, labels: ['a', 'a'] }, 'labels'],
    ['a misspelt field', { ...VALID, label: ['a'] }, 'label'],
    ['a list', [VALID], 'mapping'],
    ['nothing', null, 'mapping'],
  ])('refuses %s and names the field', (_name, document, field) => {
    expect(() => parseModelSpec(document)).toThrow(field);
  });

  it('names every fault at once', () => {
    const document = { ...VALID, scores: 'percent', labels: [] };
    expect(() => parseModelSpec(document)).toThrow(/scores.*labels/s);
  });
});

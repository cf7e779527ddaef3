import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { normalize } from '#preprocessing';
import { projectPath } from '#project';
import { FAMILIES, presetOf } from './presets.js';

interface Vectors {
  readonly families: Record<
    string,
    { readonly models: Record<string, number | null>; readonly scaled: string }
  >;
}

const { families } = JSON.parse(
  readFileSync(projectPath('test', 'parity', 'imgserve', 'presets.json'), 'utf8'),
) as Vectors;

/** The picture that `make_vectors.py` asks Keras about: every byte in every channel. */
const ramp = new Uint8Array(
  Array.from({ length: 256 }, (_, byte) => [byte, 255 - byte, (byte * 7) % 256]).flat(),
);

describe('presets', () => {
  it("are Keras' families, each model with Keras' own size", () => {
    const sizes = Object.entries(FAMILIES).map(([name, family]) => [name, family.sizes] as const);
    const expected = Object.entries(families).map(([name, { models }]) => {
      // MobileNetV3 takes any; its weights are of 224.
      const known = Object.entries(models).map(([model, size]) => [model, size ?? 224] as const);
      return [name, Object.fromEntries(known)] as const;
    });
    expect(Object.fromEntries(sizes)).toEqual(Object.fromEntries(expected));
  });

  it.each(Object.keys(families))('scale bit for bit as preprocess_input: %s', (family) => {
    const image = { width: 256, height: 1, data: ramp };
    const scaled = normalize(image, presetOf(family)!.scaling);
    const bytes = new Uint8Array(scaled.buffer, scaled.byteOffset, scaled.byteLength);
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(families[family]!.scaled);
  });

  it.each([
    ['a family', 'mobilenet-v2', 224],
    ['a model', 'efficientnetb3', 300],
    ['a model of another size', 'NASNetLarge', 331],
    ['a family that is a model, too', 'xception', 299],
    ['a model whose family has another name', 'resnet50', 224],
  ])('are found by the name of %s', (_name, name, size) => {
    expect(presetOf(name)?.size).toBe(size);
  });
});

import { parse } from 'yaml';
import { parseModelSpec, type ModelSpec } from './model-spec.js';

const specWith = (yaml: string): ModelSpec =>
  parseModelSpec({
    name: 'm',
    image: { size: [9, 9], scaling: 'tf' },
    scores: 'logits',
    labels: ['a', 'b'],
    ...(parse(yaml) as object),
  });

describe('traffic and shadow of a spec', () => {
  it('name versions by number or by label', () => {
    const spec = specWith(`
      traffic:
        - {version: 1, weight: 95}
        - {label: canary, weight: 5}
      shadow: {version: "9223372036854775807", fraction: 0.1}
    `);
    expect(spec.traffic).toMatchObject([
      { version: '1', weight: 95 },
      { label: 'canary', weight: 5 },
    ]);
    expect(spec.shadow).toMatchObject({ version: '9223372036854775807', fraction: 0.1 });
  });

  it('are left out where nothing is to be shared', () => {
    expect(specWith('{}')).toMatchObject({ name: 'm' });
    expect(specWith('{}').traffic).toBeUndefined();
  });

  it.each([
    ['one share alone', 'traffic: [{version: 1, weight: 1}]', /traffic.*2 elements/],
    [
      'too many shares',
      `traffic: [${Array.from({ length: 9 }, (_, n) => `{version: ${n + 1}, weight: 1}`).join()}]`,
      /traffic.*8 elements/,
    ],
    ['no list', 'traffic: {version: 1, weight: 1}', /traffic/],
    ['a share that is none', 'traffic: [1, 2]', /traffic/],
    [
      'a version and a label',
      'traffic: [{version: 1, label: x, weight: 1}, {version: 2, weight: 1}]',
      /traffic\.0\.expected either version or label/,
    ],
    [
      'neither a version nor a label',
      'traffic: [{weight: 1}, {version: 2, weight: 1}]',
      /traffic\.0\.expected either version or label/,
    ],
    ['no weight', 'traffic: [{version: 1}, {version: 2, weight: 1}]', /traffic\.0\.weight/],
    [
      'half a weight',
      'traffic: [{version: 1, weight: 0.5}, {version: 2, weight: 1}]',
      /traffic\.0\.weight/,
    ],
    [
      'a weight below nothing',
      'traffic: [{version: 1, weight: -1}, {version: 2, weight: 1}]',
      /traffic\.0\.weight/,
    ],
    [
      'nothing but weights of 0',
      'traffic: [{version: 1, weight: 0}, {version: 2, weight: 0}]',
      /weight above 0/,
    ],
    [
      'a version twice',
      'traffic: [{version: 1, weight: 1}, {version: "1", weight: 2}]',
      /must not name a version or label twice/,
    ],
    [
      'a version of zero',
      'traffic: [{version: 0, weight: 1}, {version: 2, weight: 2}]',
      /traffic\.0\.version/,
    ],
    [
      'a version that YAML has rounded',
      'traffic: [{version: 9223372036854775807, weight: 1}, {version: 2, weight: 2}]',
      /traffic\.0\.version/,
    ],
    [
      'a misspelt field',
      'traffic: [{version: 1, weigth: 1, weight: 1}, {version: 2, weight: 2}]',
      /traffic\.0\.property weigth/,
    ],
    ['a shadow of all and more', 'shadow: {version: 1, fraction: 1.1}', /shadow\.fraction/],
    ['a shadow of what is no number', 'shadow: {version: 1, fraction: .nan}', /shadow\.fraction/],
    ['a shadow of nothing', 'shadow: {fraction: 0.5}', /shadow\.expected either version or label/],
    ['a list of shadows', 'shadow: [{version: 1, fraction: 0.5}]', /shadow/],
  ])('refuse %s', (_name, yaml, words) => {
    expect(() => specWith(yaml)).toThrow(words);
  });
});

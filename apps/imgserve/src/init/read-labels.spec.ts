import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '../frame/index.js';
import { readLabels } from './read-labels.js';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'labels-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function read(text: string): string[] {
  const file = join(folder, 'labels');
  writeFileSync(file, text);
  return readLabels(file);
}

describe('a file of labels', () => {
  it.each([
    ['lines', 'cat\ndog\n', ['cat', 'dog']],
    ["lines of another system's", '\uFEFFcat \r\ndog\r\n\r\n', ['cat', 'dog']],
    ['a list', '["cat", "dog"]', ['cat', 'dog']],
    ["Keras' class_indices", '{"dog": 1, "cat": 0}', ['cat', 'dog']],
    ['indices of labels', '{"1": "dog", "0": "cat"}', ['cat', 'dog']],
    [
      "ImageNet's class index",
      '{"0": ["n1", "crane"], "1": ["n2", "crane"], "2": ["n3", "dog"]}',
      ['crane (n1)', 'crane (n2)', 'dog'],
    ],
  ])('holds %s', (_name, text, labels) => {
    expect(read(text)).toEqual(labels);
  });

  it.each([
    ['nothing', '', /expected labels/],
    ['an empty line', 'cat\n\ndog', /line 2 is empty/],
    ['a label twice', 'cat\ndog\ncat', /"cat" is there twice/],
    ['no JSON', '{"cat": 0', /expected JSON/],
    ['an empty list', '[]', /expected labels/],
    ['an empty label', '["cat", ""]', /label 2 of 2 is empty/],
    ['numbers', '[1, 2]', /expected labels/],
    ['an index that is left out', '{"cat": 0, "dog": 2}', /"dog" has the index 2/],
    ['an index twice', '{"cat": 0, "dog": 0}', /index 0 is there twice/],
    ['something else', '{"cat": {}}', /expected labels/],
  ])('is refused with %s', (_name, text, words) => {
    expect(() => read(text)).toThrow(words);
    expect(() => read(text)).toThrow(InputError);
  });

  it('is refused where it is not there', () => {
    expect(() => readLabels(join(folder, 'none'))).toThrow(InputError);
  });
});

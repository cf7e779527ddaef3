import {
  closeSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectPath } from '#project';
import { InputError } from '../frame/errors.js';
import type { SavedModelInfo, SignatureInfo } from './model-info.js';
import { readModel } from './read-model.js';

const FIXTURES = projectPath('apps', 'imgserve', 'test-fixtures');
const CLOTHING = projectPath('models', 'clothing-model');

const SAVED_MODELS = {
  'two-signatures': join(FIXTURES, 'two-signatures'),
  tf1: join(FIXTURES, 'tf1'),
  exported: join(FIXTURES, 'keras', 'exported'),
  'clothing-model': CLOTHING,
};

/** By model, then by tags: what TensorFlow's own program prints. */
const said = JSON.parse(readFileSync(join(FIXTURES, 'saved_model_cli.json'), 'utf8')) as Record<
  string,
  Record<string, Record<string, object>>
>;

function readSavedModel(name: keyof typeof SAVED_MODELS): SavedModelInfo {
  return readModel(SAVED_MODELS[name]) as SavedModelInfo;
}

function withoutOps({ inputs, outputs, method_name }: SignatureInfo): object {
  return { inputs, outputs, method_name };
}

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'inspect-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('a SavedModel', () => {
  it.each(Object.keys(SAVED_MODELS) as (keyof typeof SAVED_MODELS)[])(
    'has the signatures that saved_model_cli prints: %s',
    (name) => {
      const graphs = readSavedModel(name).meta_graphs.map(({ tags, signatures }) => {
        // What TensorFlow does as it loads, whose method is told in another way.
        const shown = Object.entries(signatures).filter(([key]) => key !== '__saved_model_init_op');
        const plain = shown.map(([key, signature]) => [key, withoutOps(signature)] as const);
        return [tags.join(', '), Object.fromEntries(plain)] as const;
      });
      const expected = Object.entries(said[name]!).map(([tags, signatures]) => {
        const shown = Object.entries(signatures).filter(([key]) => key !== '__saved_model_init_op');
        return [tags, Object.fromEntries(shown)];
      });
      expect(graphs).toEqual(expected);
    },
  );

  it.each([
    ['two-signatures', 'serving_default', { scores: 'Softmax' }],
    ['tf1', 'serving_default', { p: 'Softmax' }],
    ['exported', 'serving_default', { output_0: 'BiasAdd' }],
    ['clothing-model', 'serving_uint8', { dense_7: 'BiasAdd' }],
  ] as const)('tells by what its outputs are made: %s', (name, signature, ops) => {
    const [graph] = readSavedModel(name).meta_graphs;
    expect(graph!.signatures[signature]!.last_ops).toEqual(ops);
  });

  it.each([
    ['two-signatures', { count: 1, parameters: 6 }],
    ['tf1', { count: 1, parameters: 15 }],
    // Conv2D 3·3·3·4 + 4 and Dense 4·5 + 5, each once.
    ['exported', { count: 4, parameters: 137 }],
    ['clothing-model', { count: 77, parameters: 2_290_069 }],
  ] as const)('has as many weights as were saved: %s', (name, variables) => {
    expect(readSavedModel(name).variables).toEqual(variables);
  });

  it('says so where its weights cannot be counted', () => {
    cpSync(join(SAVED_MODELS.tf1, '7', 'saved_model.pb'), join(folder, 'saved_model.pb'));
    mkdirSync(join(folder, 'variables'));
    writeFileSync(join(folder, 'variables', 'variables.index'), Buffer.alloc(100, 7));
    expect((readModel(folder) as SavedModelInfo).variables).toBeNull();
  });

  it('is the newest of a folder of versions, by number', () => {
    for (const version of ['9', '10', '11']) mkdirSync(join(folder, version));
    for (const version of ['9', '10']) {
      cpSync(join(SAVED_MODELS.tf1, '7'), join(folder, version), { recursive: true });
    }
    const info = readModel(folder) as SavedModelInfo;
    expect([info.version, info.versions, info.path]).toEqual([
      '10',
      ['11', '10', '9'],
      join(folder, '10'),
    ]);
  });

  it('is read though its constants take 600 MB', () => {
    const graphs = readFileSync(join(SAVED_MODELS.tf1, '7', 'saved_model.pb'));
    // A field that nobody knows, of 600 MB, which on disk is a hole.
    const tag = Buffer.from([0xfa, 0x01, 0x80, 0x80, 0x80, 0xa0, 0x02]);
    const file = openSync(join(folder, 'saved_model.pb'), 'w');
    writeSync(file, tag);
    writeSync(file, graphs, 0, graphs.length, tag.length + 0x2400_0000);
    closeSync(file);
    const before = process.memoryUsage().rss;
    expect((readModel(folder) as SavedModelInfo).meta_graphs).toHaveLength(2);
    expect(process.memoryUsage().rss - before).toBeLessThan(100e6);
  });
});

describe('an ONNX model', () => {
  it('has its inputs, outputs, opset, maker and weights', () => {
    expect(readModel(join(FIXTURES, 'tiny.onnx'))).toMatchObject({
      format: 'onnx',
      ir_version: 8,
      opsets: { 'ai.onnx': 17 },
      producer: 'hand',
      signature: {
        inputs: { image: { dtype: 'DT_FLOAT', shape: [-1, 8, 8, 3] } },
        outputs: { scores: { dtype: 'DT_FLOAT', shape: [-1, 5] } },
        last_ops: { scores: 'Softmax' },
      },
      initializers: { count: 1, parameters: 15 },
      external_data: [],
    });
  });

  it('does not take weights for inputs', () => {
    const info = readModel(join(FIXTURES, 'tiny.onnx'));
    expect(info.format === 'onnx' && Object.keys(info.signature.inputs)).toEqual(['image']);
  });

  it('tells what its weights beside it weigh, and that they are missing', () => {
    const file = join(CLOTHING, '1', 'model.onnx');
    const data = { file: 'model.onnx.data', bytes: 9_160_872 };
    expect(readModel(file)).toMatchObject({ external_data: [data] });
    cpSync(file, join(folder, 'model.onnx'));
    expect(readModel(folder)).toMatchObject({ external_data: [{ ...data, bytes: null }] });
  });
});

describe('a Keras file', () => {
  it.each([
    ['tiny.keras', 'keras'],
    ['tiny.h5', 'keras_h5'],
  ])('tells what it is without Python: %s', (name, format) => {
    expect(readModel(join(FIXTURES, 'keras', name))).toMatchObject({
      format,
      keras_version: '3.15.1',
      class_name: 'Functional',
      name: 'tiny',
      input_shapes: [[null, null, null, 3]],
      last_layer: { class_name: 'Dense', activation: 'linear', units: 5 },
      custom_classes: [],
    });
  });

  it('says so where it holds weights alone', () => {
    const info = readModel(join(FIXTURES, 'keras', 'tiny.weights.h5'));
    expect(info).toMatchObject({ class_name: null, layers: null });
  });
});

describe('what is no model', () => {
  it.each([
    ['saved_model.pb', 'saved_model.pb'],
    ['model.onnx', 'model.onnx'],
    ['model.keras', 'model.keras'],
    ['model.h5', 'model.h5'],
  ])('is refused in words, whatever its bytes: %s', (name) => {
    const wholes = [
      join(SAVED_MODELS.tf1, '7', 'saved_model.pb'),
      join(FIXTURES, 'tiny.onnx'),
      join(FIXTURES, 'keras', 'tiny.keras'),
      join(FIXTURES, 'keras', 'tiny.h5'),
    ].map((file) => readFileSync(file));
    const random = randomNumbers();
    for (let round = 0; round < 300; round++) {
      const whole = wholes[round % wholes.length]!;
      const bytes = Buffer.from(whole.subarray(0, Math.floor(random() * whole.length)));
      for (let damage = 0; damage < 8 && bytes.length > 0; damage++) {
        bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
      }
      writeFileSync(join(folder, name), bytes);
      try {
        readModel(join(folder, name));
      } catch (error) {
        expect(error).toBeInstanceOf(InputError);
      }
    }
  });

  it.each([
    ['nothing', 'nothing', /no such file/],
    ['a folder of models', '..', /expected a SavedModel.*folder of versions/],
    ['another file', 'package.json', /expected a SavedModel/],
  ])('is told apart: %s', (_name, path, words) => {
    const root = path === '..' ? projectPath('models') : projectPath(path);
    expect(() => readModel(root)).toThrow(words);
    expect(() => readModel(root)).toThrow(InputError);
  });
});

/** The same in every run (mulberry32). */
function randomNumbers(): () => number {
  let state = 1;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { projectPath } from '#project';
import { eventually } from '../support/eventually.js';
import { startStack, type Stack } from '../support/stack.js';

const MODEL = projectPath('models', 'clothing-model');
const FIXTURES = projectPath('apps', 'model-server', 'test-fixtures');
const PANTS = readFileSync(join(MODEL, 'samples', 'pants.jpg'));

let basePath: string;
let catalog: string;
let stack: Stack;
/** What the model of the golden images says. */
let right: Record<string, number>;

beforeEach(async () => {
  basePath = mkdtempSync(join(tmpdir(), 'models-'));
  catalog = mkdtempSync(join(tmpdir(), 'catalog-'));
  mkdirSync(join(basePath, 'clothing-model'));
  addVersion(1);
  writeSpec({});
  stack = await startStack({
    MODEL_BASE_PATH: basePath,
    MODEL_CATALOG: catalog,
    POLL_SECONDS: '1',
    VERIFY_ON_START: 'true',
  });
  right = (await predict()).scores!;
});

afterEach(async () => {
  await stack.close();
  rmSync(basePath, { recursive: true });
  rmSync(catalog, { recursive: true });
});

/** Whole from its first moment on, as the model server asks. */
function addVersion(version: number, change: (folder: string) => void = () => undefined): void {
  const making = join(basePath, '.new');
  mkdirSync(making);
  for (const file of ['model.onnx', 'serving_uint8.onnx', 'model.onnx.data']) {
    cpSync(join(MODEL, '1', file), join(making, file));
  }
  change(making);
  renameSync(making, join(basePath, 'clothing-model', String(version)));
}

function writeSpec(image: object): void {
  const original = parse(readFileSync(join(MODEL, 'model.yaml'), 'utf8')) as { image: object };
  const file = join(catalog, 'clothing-model.yaml');
  writeFileSync(`${file}.new`, stringify({ ...original, image: { ...original.image, ...image } }));
  renameSync(`${file}.new`, file);
}

interface Answer {
  status: number;
  version?: string | null;
  scores?: Record<string, number>;
}

async function predict(): Promise<Answer> {
  const response = await fetch(new URL('/predict', stack.url), {
    method: 'POST',
    headers: { 'content-type': 'image/jpeg' },
    body: PANTS,
  });
  const scores = (await response.json()) as Record<string, number>;
  const version = response.headers.get('x-model-version');
  return response.ok ? { status: 200, version, scores } : { status: response.status };
}

/** The same by way of TensorFlow Serving's API. */
async function predictRaw(): Promise<Answer> {
  const response = await fetch(new URL('/v1/models/clothing-model:predict', stack.url), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ instances: [{ b64: PANTS.toString('base64') }] }),
  });
  const { predictions } = (await response.json()) as { predictions?: [number[]] };
  if (!response.ok) return { status: response.status };
  const odds = predictions![0].map(Math.exp);
  const sum = odds.reduce((total, value) => total + value, 0);
  const labels = Object.keys(right);
  return { status: 200, scores: Object.fromEntries(labels.map((at, n) => [at, odds[n]! / sum])) };
}

const isRight = ({ scores }: Answer): boolean =>
  Object.entries(right).every(([label, score]) => Math.abs(scores![label]! - score) < 1e-3);

/** Asks all the time, both ways, until stopped. */
function load(): () => Promise<Answer[]> {
  const answers: Answer[] = [];
  let isStopped = false;
  const callers = [predict, predict, predictRaw].map(async (ask) => {
    while (!isStopped) answers.push(await ask());
  });
  return async () => {
    isStopped = true;
    await Promise.all(callers);
    return answers;
  };
}

interface Readiness {
  http: number;
  checks: Record<string, { status: string; version?: string; reason?: string }>;
}

async function readyz(): Promise<Readiness> {
  const response = await fetch(new URL('/readyz', stack.url));
  return { http: response.status, ...((await response.json()) as Omit<Readiness, 'http'>) };
}

describe('a new version of a model whose golden images are held against it', () => {
  it('that gives other scores gets no answer through, and is named', async () => {
    const stop = load();
    addVersion(2, (folder) => {
      const weights = readFileSync(join(folder, 'model.onnx.data'));
      weights.fill(0, weights.length >> 1, (weights.length >> 1) + 65_536);
      writeFileSync(join(folder, 'model.onnx.data'), weights);
    });
    const { checks } = await eventually(readyz, ({ http }) => http === 503);
    expect(checks['clothing-model']?.reason).toMatch(/expected \S+ ± 0\.005$/);
    const answers = await stop();
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 503]));
    expect(answers.filter(({ status }) => status === 200).every(isRight)).toBe(true);

    rmSync(join(basePath, 'clothing-model', '2'), { recursive: true });
    await eventually(predict, ({ status }) => status === 200);
    expect(isRight(await predict())).toBe(true);
    await eventually(readyz, ({ http }) => http === 200);
  });

  it('that does not fit the spec gets no answer through, and is named', async () => {
    const stop = load();
    addVersion(2, (folder) => {
      rmSync(folder, { recursive: true });
      mkdirSync(folder);
      cpSync(join(FIXTURES, 'rows_of_three.onnx'), join(folder, 'model.onnx'));
    });
    const { checks } = await eventually(readyz, ({ http }) => http === 503);
    expect(checks['clothing-model']?.reason).toMatch(/expected/);
    const answers = await stop();
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 503]));
    expect(answers.filter(({ status }) => status === 200).every(isRight)).toBe(true);
  });

  it.each([
    ['of the same scores', () => undefined],
    [
      'that takes bytes in place of floats',
      (folder: string) => {
        renameSync(join(folder, 'serving_uint8.onnx'), join(folder, 'model.onnx'));
      },
    ],
  ])('%s takes over without a failed call', async (_name, change) => {
    const stop = load();
    addVersion(2, change);
    await eventually(predict, ({ version }) => version === '2');
    const answers = await stop();
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(answers.every(isRight)).toBe(true);
  });
});

it.each([
  ['another scaling', { scaling: 'unit' }, /tensor differs/],
  ['another resampling', { resample: 'bicubic' }, /tensor differs/],
  ['another size', { size: [224, 224] }, /expected \[N, 224, 224, 3\]/],
])('a spec that is changed to %s takes nothing over, and is named', async (_name, image, words) => {
  const stop = load();
  writeSpec(image);
  const spec = 'spec clothing-model.yaml';
  const { http, checks } = await eventually(readyz, (them) => spec in them.checks);
  expect(http).toBe(200);
  expect(checks[spec]?.reason).toMatch(words);
  const answers = await stop();
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  expect(answers.every(isRight)).toBe(true);
});

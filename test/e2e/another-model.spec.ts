import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadGolden, type Golden } from '#model-spec';
import { projectPath } from '#project';
import { eventually } from '../support/eventually.js';
import {
  startStack,
  startTestGateway,
  startTestModelServer,
  type Stack,
} from '../support/stack.js';

// Another architecture, size, resampling and scaling than the clothing model's, and probabilities out.
const EXAMPLES = projectPath('examples');
const SHAPES = join(EXAMPLES, 'shapes-model');
const SERVED = { MODEL_BASE_PATH: EXAMPLES, MODEL_NAME: 'shapes-model', VERIFY_ON_START: 'true' };
// Float32 sums in another order than Keras'.
const PRECISION = 5;

const { images } = loadGolden(SHAPES) as Golden;

async function predict({ url }: Stack, file: string): Promise<Record<string, number>> {
  const response = await fetch(new URL('/predict', url), {
    method: 'POST',
    headers: { 'Content-Type': 'image/jpeg' },
    body: readFileSync(join(SHAPES, file)),
  });
  expect(response.status).toBe(200);
  expect(response.headers.get('X-Model-Version')).toBe('1');
  return (await response.json()) as Record<string, number>;
}

function expectScores(received: Record<string, number>, expected: Record<string, number>): void {
  expect(Object.keys(received)).toEqual(Object.keys(expected));
  for (const [label, score] of Object.entries(expected)) {
    expect(received[label]).toBeCloseTo(score, PRECISION);
  }
}

/** A catalogue of the spec with something else said in it. */
function catalogWith(change: readonly [from: string, to: string], folder: string): string {
  const model = join(folder, 'shapes-model');
  mkdirSync(model);
  const spec = readFileSync(join(SHAPES, 'model.yaml'), 'utf8');
  expect(spec).toContain(change[0]);
  writeFileSync(join(model, 'model.yaml'), spec.replace(...change));
  symlinkSync(join(SHAPES, 'golden'), join(model, 'golden'));
  return folder;
}

describe('a model that has nothing to do with clothes', () => {
  let folder: string;
  let stack: Stack | undefined;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'catalogue-'));
  });

  afterEach(async () => {
    await stack?.close();
    stack = undefined;
    rmSync(folder, { recursive: true });
  });

  it("is served by configuration alone, with Keras' tensors and scores", async () => {
    stack = await startStack({ ...SERVED, MODEL_CATALOG: EXAMPLES });
    for (const { file, scores } of images) {
      expectScores(await predict(stack, join('golden', file)), scores);
    }
    for (const label of ['circle', 'crescent', 'cross', 'ring', 'square', 'star', 'triangle']) {
      const scores = await predict(stack, join('samples', `${label}.jpg`));
      expect(Object.entries(scores).sort(([, a], [, b]) => b - a)[0]![0]).toBe(label);
    }
  });

  it('gives the same scores from pixels that its graph scales', async () => {
    const catalog = catalogWith(['serving_default', 'serving_uint8'], folder);
    stack = await startStack({ ...SERVED, MODEL_CATALOG: catalog });
    for (const { file, scores } of images) {
      expectScores(await predict(stack, join('golden', file)), scores);
    }
  });

  it.each([
    { what: 'another filter', change: ['bicubic', 'bilinear'] as const },
    { what: 'another scaling', change: ['torch', 'caffe'] as const },
  ])('is not ready with $what than it was trained with', async ({ change }) => {
    const modelServer = await startTestModelServer(SERVED);
    const catalog = catalogWith(change, folder);
    const gateway = await startTestGateway(modelServer.port, { ...SERVED, MODEL_CATALOG: catalog });
    try {
      const answer = await eventually(
        async () => (await fetch(new URL('/readyz', gateway.url))).text(),
        (text) => text.includes('golden'),
      );
      expect(answer).toMatch(/tensor differs from the golden one.*"down"/);
    } finally {
      await gateway.close();
      await modelServer.close();
    }
  });
});

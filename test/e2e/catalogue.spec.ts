import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { projectPath } from '#project';
import { ConfigMapMount } from '../support/config-map.js';
import { eventually } from '../support/eventually.js';
import { gradientPng } from '../support/images.js';
import { startStack, type Stack } from '../support/stack.js';

const MODEL = projectPath('models', 'clothing-model');

interface Readiness {
  http: number;
  status: string;
  checks: Record<string, { status: string; version?: string; reason?: string }>;
}

/** The clothing model's spec under a name and with other fields. */
function spec(name: string, changes: object = {}, image: object = {}): string {
  const original = parse(readFileSync(join(MODEL, 'model.yaml'), 'utf8')) as { image: object };
  return stringify({ ...original, name, ...changes, image: { ...original.image, ...image } });
}

const SPECS = { 'clothing-model.yaml': spec('clothing-model') };
const LETTERS = 'a b c d e f g h i j'.split(' ');

let basePath: string;
let mount: ConfigMapMount;
let stack: Stack;
let png: Buffer;

beforeAll(async () => {
  png = await gradientPng();
});

beforeEach(async () => {
  // Two servables of the same weights.
  basePath = mkdtempSync(join(tmpdir(), 'models-'));
  for (const name of ['clothing-model', 'other']) {
    mkdirSync(join(basePath, name));
    symlinkSync(join(MODEL, '1'), join(basePath, name, '1'));
  }
  mount = new ConfigMapMount(SPECS);
  stack = await startStack({ MODEL_BASE_PATH: basePath, MODEL_CATALOG: mount.path });
});

afterEach(async () => {
  await stack.close();
  mount.delete();
  rmSync(basePath, { recursive: true });
});

async function readyz(): Promise<Readiness> {
  const response = await fetch(new URL('/readyz', stack.url));
  return { http: response.status, ...((await response.json()) as Omit<Readiness, 'http'>) };
}

async function predict(model?: string): Promise<{ status: number; body: object }> {
  const query = model === undefined ? '' : `?model=${model}`;
  const response = await fetch(new URL(`/predict${query}`, stack.url), {
    method: 'POST',
    headers: { 'content-type': 'image/png' },
    body: png,
  });
  return { status: response.status, body: (await response.json()) as object };
}

const metrics = async (): Promise<string> => (await fetch(stack.metricsUrl)).text();
const labelsOf = async (): Promise<string> => Object.keys((await predict()).body).join('');

describe('the catalogue while the gateway runs', () => {
  it('serves a new model once it is verified, and forgets a removed one', async () => {
    expect((await predict('other')).body).toMatchObject({ code: 'MODEL_NOT_FOUND' });
    mount.update({ ...SPECS, 'other.yaml': spec('other') });
    const { body } = await eventually(
      () => predict('other'),
      ({ status }) => status === 200,
    );
    expect(body).toEqual((await predict()).body);
    const { checks } = await eventually(readyz, ({ status }) => status === 'ok');
    expect(checks['other']).toEqual({ status: 'up', version: '1' });
    expect(await metrics()).toContain('gateway_model_ready{model="other"} 1');

    mount.update(SPECS);
    await eventually(
      () => predict('other'),
      ({ status }) => status === 404,
    );
    expect(await readyz()).toMatchObject({ http: 200, status: 'ok' });
    expect((await readyz()).checks).not.toHaveProperty('other');
    await metrics();
    expect(await metrics()).not.toContain('"other"');
  });

  it('goes over to a changed spec without a failed call', async () => {
    const answers = new Set<string>();
    let stop = false;
    const load = Array.from({ length: 4 }, async () => {
      while (!stop) answers.add(await labelsOf());
    });
    const before = await labelsOf();
    mount.update({ 'clothing-model.yaml': spec('clothing-model', { labels: LETTERS }) });
    await eventually(
      () => Promise.resolve(answers),
      (them) => them.has('abcdefghij'),
    );
    stop = true;
    await Promise.all(load);
    expect([...answers]).toEqual([before, 'abcdefghij']);
    expect(await readyz()).toMatchObject({ http: 200, status: 'ok' });
  });

  it.each([
    ['contradicts the model', spec('clothing-model', {}, { size: [9, 9] }), /expected \[N, 9, 9/],
    ['has a fault', spec('clothing-model', { labels: [] }), /labels/],
    ['is not YAML', 'name: [', /expected YAML/],
  ])('keeps the spec before a change that %s, and says so', async (_name, text, words) => {
    const before = await labelsOf();
    mount.update({ 'clothing-model.yaml': text });
    const { http, checks } = await eventually(readyz, ({ status }) => status === 'degraded');
    expect(http).toBe(200);
    expect(checks['spec clothing-model.yaml']?.reason).toMatch(words);
    expect(checks['clothing-model']).toEqual({ status: 'up', version: '1' });
    expect(await labelsOf()).toBe(before);

    mount.update({ 'clothing-model.yaml': spec('clothing-model', { labels: LETTERS }) });
    await eventually(readyz, ({ status }) => status === 'ok');
    await eventually(labelsOf, (labels) => labels === 'abcdefghij');
  });

  it('never takes the default model away', async () => {
    mount.update({ 'other.yaml': spec('other') });
    const { http, checks } = await eventually(
      readyz,
      (them) => 'spec clothing-model.yaml' in them.checks,
    );
    expect(http).toBe(200);
    expect(checks['spec clothing-model.yaml']?.reason).toMatch(/default model/);
    expect((await predict()).status).toBe(200);
  });
});

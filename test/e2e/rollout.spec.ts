import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { projectPath } from '#project';
import { eventually } from '../support/eventually.js';
import { gradientPng } from '../support/images.js';
import { startStack, type Stack } from '../support/stack.js';

const MODEL = projectPath('models', 'clothing-model');

let basePath: string;
let catalog: string;
let stack: Stack | undefined;
let png: Buffer;

beforeAll(async () => {
  png = await gradientPng();
});

beforeEach(() => {
  basePath = mkdtempSync(join(tmpdir(), 'models-'));
  mkdirSync(join(basePath, 'clothing-model'));
  addVersion(1);
  catalog = mkdtempSync(join(tmpdir(), 'catalog-'));
  writeSpec({});
});

afterEach(async () => {
  await stack?.close();
  stack = undefined;
  rmSync(basePath, { recursive: true });
  rmSync(catalog, { recursive: true });
});

/** All versions have the same weights: which one answers is told by its number. */
function addVersion(version: number): void {
  symlinkSync(join(MODEL, '1'), join(basePath, 'clothing-model', String(version)));
}

function write(file: string, content: object): void {
  writeFileSync(`${file}.new`, stringify(content));
  renameSync(`${file}.new`, file);
}

function label(labels: Record<string, number>): void {
  write(join(basePath, 'version_labels.yaml'), { 'clothing-model': labels });
}

function writeSpec(fields: object): void {
  const original = parse(readFileSync(join(MODEL, 'model.yaml'), 'utf8')) as object;
  write(join(catalog, 'clothing-model.yaml'), { ...original, ...fields });
}

async function start(environment = {}): Promise<Stack> {
  stack = await startStack({
    MODEL_BASE_PATH: basePath,
    MODEL_CATALOG: catalog,
    POLL_SECONDS: '1',
    ...environment,
  });
  return stack;
}

/** The version that answered, or the status of the problem. */
async function ask(query = ''): Promise<string> {
  const response = await fetch(new URL(`/predict${query}`, stack!.url), {
    method: 'POST',
    headers: { 'content-type': 'image/png' },
    body: png,
  });
  await response.arrayBuffer();
  return response.ok ? String(response.headers.get('x-model-version')) : `HTTP ${response.status}`;
}

const becomes = (version: string, query = '') =>
  eventually(
    () => ask(query),
    (answer) => answer === version,
  );

/** Asks all the time until stopped; what was answered, in the order of first answers. */
function load(): { readonly seen: Set<string>; readonly stop: () => Promise<void> } {
  const seen = new Set<string>();
  let isStopped = false;
  const callers = Array.from({ length: 4 }, async () => {
    while (!isStopped) seen.add(await ask());
  });
  return {
    seen,
    stop: async () => {
      isStopped = true;
      await Promise.all(callers);
    },
  };
}

const metrics = async (): Promise<string> => (await fetch(stack!.metricsUrl)).text();
const readyz = async (): Promise<unknown> => (await fetch(new URL('/readyz', stack!.url))).json();

/** One metric without labels. */
async function told(name: string): Promise<number> {
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(await metrics())?.[1]);
}

describe('the cache of predictions', () => {
  it('never answers with a version that serves no more', async () => {
    label({ stable: 1 });
    await start({ MODEL_VERSION_LABEL: 'stable', CACHE_MAX_ENTRIES: '10' });
    expect([await ask(), await ask()]).toEqual(['1', '1']);
    expect(await told('gateway_cache_misses_total')).toBe(1);

    const { seen, stop } = load();
    addVersion(2);
    label({ stable: 2, before: 1 });
    await becomes('2');
    // All of them, from the first on.
    for (let n = 0; n < 50; n++) expect(await ask()).toBe('2');
    await stop();
    expect([...seen]).toEqual(['1', '2']);
    expect(await ask('?label=before')).toBe('1');
    expect(await told('gateway_cache_entries')).toBe(2);
    expect(await told('gateway_cache_misses_total')).toBe(2);
  });

  it('answers 304 to who has the answer already, and nothing else', async () => {
    await start({ CACHE_MAX_ENTRIES: '10' });
    const post = (headers = {}, query = '') =>
      fetch(new URL(`/predict${query}`, stack!.url), {
        method: 'POST',
        headers: { 'content-type': 'image/png', ...headers },
        body: png,
      });
    const first = await post();
    const etag = first.headers.get('etag')!;
    const again = await post({ 'if-none-match': etag });
    expect([again.status, await again.text()]).toEqual([304, '']);
    expect(again.headers.get('etag')).toBe(etag);
    expect(again.headers.get('x-model-version')).toBe('1');
    const other = await post({ 'if-none-match': etag }, '?top=1');
    expect(other.status).toBe(200);
    expect(Object.keys((await other.json()) as object)).toHaveLength(1);
    expect(await (await post()).json()).toEqual(await first.json());

    const broken = await fetch(new URL('/predict', stack!.url), {
      method: 'POST',
      headers: { 'content-type': 'image/png', 'if-none-match': etag },
      body: png.subarray(0, 60),
    });
    expect([broken.status, broken.headers.get('etag')]).toEqual([422, null]);
  });

  it('is off by default', async () => {
    await start();
    const response = await fetch(new URL('/predict', stack!.url), {
      method: 'POST',
      headers: { 'content-type': 'image/png', 'if-none-match': '*' },
      body: png,
    });
    expect([response.status, response.headers.get('etag')]).toEqual([200, null]);
    expect(await metrics()).not.toContain('gateway_cache');
  });
});

describe('a new version', () => {
  it('is rolled out by label as canary, as stable, and back, and no call fails', async () => {
    label({ stable: 1 });
    await start({ MODEL_VERSION_LABEL: 'stable' });
    const { seen, stop } = load();

    addVersion(2);
    label({ stable: 1, canary: 2 });
    await becomes('2', '?label=canary');
    expect(await ask()).toBe('1');
    expect(await ask('?version=1')).toBe('1');

    label({ stable: 2, canary: 2 });
    await becomes('2');
    label({ stable: 1, canary: 2 });
    await becomes('1');

    await stop();
    expect([...seen]).toEqual(['1', '2']);
    expect(await ask('?label=nobody')).toBe('HTTP 404');
    expect(await metrics()).toMatch(
      /gateway_predictions_total\{model="clothing-model",version="2"\} \d+/,
    );
  });

  it('is rolled out by weight: some, all, and none of the requests', async () => {
    addVersion(2);
    label({ stable: 1, canary: 2 });
    const shared = (stable: number, canary: number): void => {
      writeSpec({
        traffic: [
          { label: 'stable', weight: stable },
          { label: 'canary', weight: canary },
        ],
      });
    };
    shared(1, 0);
    await start();
    const { seen, stop } = load();
    await becomes('1');
    expect([...seen].join()).toMatch(/^1?$/);

    shared(1, 1);
    await becomes('2');
    await becomes('1');
    shared(0, 1);
    const answersOf = async (version: string) => {
      const answers = await Promise.all(Array.from({ length: 8 }, () => ask()));
      return answers.every((answer) => answer === version);
    };
    await eventually(() => answersOf('2'), Boolean);
    shared(1, 0);
    await eventually(() => answersOf('1'), Boolean);

    await stop();
    expect([...seen]).toEqual(['1', '2']);
  });

  it('gets no requests while it is not there, and the others answer', async () => {
    label({ stable: 1 });
    writeSpec({
      traffic: [
        { label: 'stable', weight: 1 },
        { label: 'canary', weight: 9 },
      ],
    });
    await start();
    const answers = new Set<string>();
    for (let n = 0; n < 20; n++) answers.add(await ask());
    expect([...answers]).toEqual(['1']);
    expect(await readyz()).toMatchObject({
      status: 'degraded',
      checks: {
        'clothing-model': {
          version: '1',
          reason: expect.stringMatching(/^label canary: /) as string,
        },
      },
    });
  });

  it('is compared as a shadow, by which no request gets another answer', async () => {
    addVersion(2);
    label({ stable: 1, canary: 2 });
    writeSpec({ shadow: { label: 'canary', fraction: 1 } });
    await start({ MODEL_VERSION_LABEL: 'stable' });
    const agreed = 'gateway_shadow_predictions_total{model="clothing-model",result="agreed"}';
    const differences = 'gateway_shadow_probability_difference_count{model="clothing-model"}';
    await eventually(
      async () => {
        expect(await ask()).toBe('1');
        return metrics();
      },
      (text) => text.includes(`${agreed} `) && text.includes(`${differences} `),
    );
    // Asked for by name, a version answers for itself alone.
    expect(await ask('?label=canary')).toBe('2');
  });
});

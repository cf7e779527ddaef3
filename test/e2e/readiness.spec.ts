import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { projectPath } from '#project';
import { eventually } from '../support/eventually.js';
import { gradientJpeg } from '../support/images.js';
import { startTestGateway, startTestModelServer, type Stack } from '../support/stack.js';

const MODEL = projectPath('models', 'clothing-model');

interface Readiness {
  status: string;
  checks: Record<string, { status: string; version?: string; reason?: string }>;
}

let folder: string;
const closing: (() => Promise<void>)[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'readiness-'));
});

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
  rmSync(folder, { recursive: true });
});

/** The clothing model's spec with other values, in a catalogue of its own. */
function catalogWith(image: object, spec: object = {}): string {
  const original = parse(readFileSync(join(MODEL, 'model.yaml'), 'utf8')) as { image: object };
  const changed = { ...original, ...spec, image: { ...original.image, ...image } };
  mkdirSync(join(folder, 'clothing-model'), { recursive: true });
  writeFileSync(join(folder, 'clothing-model', 'model.yaml'), stringify(changed));
  return folder;
}

async function modelServer(environment = {}): Promise<{ port: number; stop(): Promise<void> }> {
  const server = await startTestModelServer(environment);
  closing.push(() => server.close());
  return { port: server.port, stop: () => server.close() };
}

async function gateway(grpcPort: number, environment = {}): Promise<Stack> {
  const stack = await startTestGateway(grpcPort, environment);
  closing.push(() => stack.close());
  return stack;
}

async function readyz({ url }: Stack): Promise<{ http: number } & Readiness> {
  const response = await fetch(new URL('/readyz', url));
  return { http: response.status, ...((await response.json()) as Readiness) };
}

async function predict({ url }: Stack): Promise<{ response: Response; body: unknown }> {
  const response = await fetch(new URL('/predict', url), {
    method: 'POST',
    headers: { 'content-type': 'image/jpeg' },
    body: await gradientJpeg(),
  });
  return { response, body: await response.json() };
}

const isReady = ({ http }: { http: number }): boolean => http === 200;
const isUnready = ({ http }: { http: number }): boolean => http === 503;

describe('readiness', () => {
  it('names the version that serves', async () => {
    const stack = await gateway((await modelServer()).port);
    const ready = await eventually(() => readyz(stack), isReady);
    expect(ready).toEqual({
      http: 200,
      status: 'ok',
      checks: { 'clothing-model': { status: 'up', version: '1' } },
    });
  });

  it('goes with the model server and comes back with it, while liveness stays', async () => {
    const first = await modelServer();
    const stack = await gateway(first.port);
    await eventually(() => readyz(stack), isReady);

    await first.stop();
    const { response, body } = await predict(stack);
    expect(response.status).toBe(503);
    expect(body).toMatchObject({ code: 'MODEL_UNAVAILABLE' });
    expect(response.headers.get('retry-after')).toBe('1');
    await eventually(() => readyz(stack), isUnready);
    expect((await fetch(new URL('/livez', stack.url))).status).toBe(200);

    await modelServer({ GRPC_PORT: String(first.port) });
    await eventually(() => readyz(stack), isReady);
    expect((await predict(stack)).response.status).toBe(200);
  });

  it('stays off, with the reason, where the signature does not fit the spec', async () => {
    const stack = await gateway((await modelServer()).port, {
      MODEL_CATALOG: catalogWith({ size: [224, 200] }),
    });
    const { checks } = await eventually(
      () => readyz(stack),
      (answer) => answer.checks['clothing-model']?.reason?.includes('input') === true,
    );
    expect(checks['clothing-model']).toEqual({
      status: 'down',
      reason: 'input input_8 is [-1, 299, 299, 3], expected [N, 224, 200, 3]',
    });
    expect((await readyz(stack)).http).toBe(503);
    expect((await predict(stack)).body).toMatchObject({ code: 'MODEL_UNAVAILABLE' });
  });

  it('stays off where the signature is not there', async () => {
    const stack = await gateway((await modelServer()).port, {
      MODEL_CATALOG: catalogWith({}, { signature: 'other' }),
    });
    await eventually(
      () => readyz(stack),
      ({ checks }) => checks['clothing-model']?.reason?.includes('signature other') === true,
    );
  });

  it('stays off where the version asked for is not served', async () => {
    const stack = await gateway((await modelServer()).port, { MODEL_VERSION: '7' });
    await eventually(
      () => readyz(stack),
      ({ checks }) => /model/i.test(checks['clothing-model']?.reason ?? ''),
    );
    expect((await readyz(stack)).http).toBe(503);
  });

  it('tells of another model without being gated by it', async () => {
    catalogWith({});
    writeFileSync(
      join(folder, 'absent.yaml'),
      'name: absent\nimage: {size: [9, 9], scaling: tf}\nscores: logits\nlabels: [a]\n',
    );
    const stack = await gateway((await modelServer()).port, { MODEL_CATALOG: folder });
    const { status, checks } = await eventually(() => readyz(stack), isReady);
    expect(status).toBe('degraded');
    expect(checks['absent']?.status).toBe('degraded');
  });

  describe('with VERIFY_ON_START', () => {
    it('holds every golden image against the model', async () => {
      const stack = await gateway((await modelServer()).port, { VERIFY_ON_START: 'true' });
      await eventually(() => readyz(stack), isReady);
    });

    it('knows the golden images and the samples of a spec from a ConfigMap', async () => {
      const { port } = await modelServer();
      const mount = (name: string, image: object): string => {
        const spec = join(catalogWith(image), 'clothing-model', 'model.yaml');
        mkdirSync(join(folder, name));
        cpSync(spec, join(folder, name, 'clothing-model.yaml'));
        return join(folder, name);
      };
      // Only golden images can tell another scaling from the right one.
      const wrong = await gateway(port, {
        MODEL_CATALOG: mount('wrong', { scaling: 'unit' }),
        VERIFY_ON_START: 'true',
      });
      await eventually(
        () => readyz(wrong),
        ({ checks }) => /tensor differs/.test(checks['clothing-model']?.reason ?? ''),
      );
      const right = await gateway(port, {
        MODEL_CATALOG: mount('right', {}),
        VERIFY_ON_START: 'true',
      });
      await eventually(() => readyz(right), isReady);
      const samples = (await (await fetch(new URL('/samples', right.url))).json()) as object[];
      expect(samples.length).toBeGreaterThan(0);
    });

    it.each([
      ['a tensor differs', 'sha256', /tensor differs/],
      ['a score differs', 'scores', /expected/],
    ])('stays off where %s', async (_name, field, reason) => {
      catalogWith({});
      cpSync(join(MODEL, 'golden'), join(folder, 'clothing-model', 'golden'), { recursive: true });
      const file = join(folder, 'clothing-model', 'golden', 'golden.json');
      const golden = JSON.parse(readFileSync(file, 'utf8')) as {
        images: { tensor: { sha256: string }; scores: Record<string, number> }[];
      };
      const last = golden.images.at(-1)!;
      if (field === 'sha256') last.tensor.sha256 = '0'.repeat(64);
      else last.scores['dress'] = last.scores['dress']! + 0.01;
      writeFileSync(file, JSON.stringify(golden));

      const stack = await gateway((await modelServer()).port, {
        MODEL_CATALOG: folder,
        VERIFY_ON_START: 'true',
      });
      await eventually(
        () => readyz(stack),
        ({ checks }) => reason.test(checks['clothing-model']?.reason ?? ''),
      );
      expect((await readyz(stack)).http).toBe(503);
    });
  });
});

describe('the dtype of the signature', () => {
  it('decides what is sent: raw pixels give the scores that floats give', async () => {
    const { port } = await modelServer();
    const floats = await gateway(port);
    const bytes = await gateway(port, {
      MODEL_CATALOG: catalogWith({}, { signature: 'serving_uint8' }),
    });
    await eventually(() => readyz(floats), isReady);
    await eventually(() => readyz(bytes), isReady);
    const expected = (await predict(floats)).body as Record<string, number>;
    const actual = (await predict(bytes)).body as Record<string, number>;
    for (const [label, score] of Object.entries(expected)) {
      expect(actual[label]).toBeCloseTo(score, 5);
    }
  });
});

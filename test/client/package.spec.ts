import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Browser } from 'playwright-core';
import { projectPath } from '#project';
import { describePage, launchChromium, openPage } from '../page/browser.js';
import { startOrigin, type Origin } from '../support/origin.js';
import { startStack, type Stack } from '../support/stack.js';

const run = promisify(execFile);
const client = projectPath('libs', 'client');
const pants = projectPath('models', 'clothing-model', 'samples', 'pants.jpg');
const API_KEY = 'a-key-of-the-client';

let project: string;
let stack: Stack;
let origin: Origin;

beforeAll(async () => {
  origin = await startOrigin((_request, response) => response.end(readFileSync(pants)));
  stack = await startStack({ API_KEYS: API_KEY, IMAGE_FETCH_ALLOW: '127.0.0.1' });
  project = mkdtempSync(join(tmpdir(), 'client-'));
  writeFileSync(join(project, 'package.json'), '{"type": "module"}');
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', project], {
    cwd: client,
  });
  const [{ filename }] = JSON.parse(stdout.slice(stdout.indexOf('[\n'))) as [{ filename: string }];
  const options = ['--offline', '--no-audit', '--no-fund', '--ignore-scripts'];
  await run('npm', ['install', ...options, join(project, filename)], { cwd: project });
}, 120_000);

afterAll(async () => {
  rmSync(project, { recursive: true });
  await stack.close();
  await origin.close();
});

const installed = (...path: string[]) =>
  join(project, 'node_modules', 'image-classification-client', ...path);

/** What the same program tells in Node and in a browser; `file` is the picture as that place has it. */
const PROGRAM = `
async function use({ GatewayClient }, { url, apiKey, link, file, bytes, base64 }) {
  const gateway = new GatewayClient({ url, apiKey });
  const ways = { link: { url: link }, file, bytes, base64: { base64 } };
  const told = {};
  for (const [way, image] of Object.entries(ways)) {
    told[way] = (await gateway.predict(image, { top: 1 })).best[0].label;
  }
  const { places } = await gateway.predictBatch([...Object.values(ways), new Uint8Array([1])]);
  told.batch = places.map(({ best, error }) => error?.code ?? best[0].label);
  told.models = await gateway.models();
  told.status = (await gateway.modelStatus(told.models[0], { version: 1 })).ready;
  told.metadata = (await gateway.modelMetadata(told.models[0])).model_spec.version;
  told.health = [await gateway.isLive(), (await gateway.readiness()).ready];
  const keyless = new GatewayClient({ url });
  told.refused = await keyless.predict(file).catch(({ code, status }) => [code, status]);
  return told;
}`;

const TOLD = {
  link: 'pants',
  file: 'pants',
  bytes: 'pants',
  base64: 'pants',
  batch: ['pants', 'pants', 'pants', 'pants', 'UNSUPPORTED_IMAGE'],
  models: ['clothing-model'],
  status: true,
  metadata: '1',
  health: [true, true],
  refused: ['UNAUTHENTICATED', 401],
};

describe('the packed client', () => {
  it('has no dependencies and holds nothing but what it needs', () => {
    const { dependencies } = JSON.parse(readFileSync(installed('package.json'), 'utf8')) as {
      dependencies?: object;
    };
    expect(dependencies).toBeUndefined();
    for (const file of ['LICENSE', 'README.md', 'dist/index.js', 'dist/index.d.ts']) {
      expect(readFileSync(installed(file)).length).toBeGreaterThan(0);
    }
  });

  it('works in Node', async () => {
    const source = `
      import { openAsBlob, readFileSync } from 'node:fs';
      import * as client from 'image-classification-client';
      ${PROGRAM}
      const [url, apiKey, link, path] = process.argv.slice(2);
      const bytes = readFileSync(path);
      const base64 = bytes.toString('base64');
      const file = await openAsBlob(path);
      console.log(JSON.stringify(await use(client, { url, apiKey, link, file, bytes, base64 })));`;
    writeFileSync(join(project, 'use.js'), source);
    const program = [join(project, 'use.js'), stack.url, API_KEY, `${origin.url}/pants.jpg`, pants];
    const { stdout } = await run(process.execPath, ['--no-warnings', ...program]);
    expect(JSON.parse(stdout)).toEqual(TOLD);
  });

  it('has types that strict programs can be checked with', async () => {
    const source = `
      import { GatewayClient, GatewayError, type ProblemCode } from 'image-classification-client';
      const gateway = new GatewayClient({ url: 'http://localhost' });
      export const best: Promise<string | undefined> = gateway
        .predict(new Blob([]), { top: 1, label: 'stable' })
        .then((prediction) => prediction.best[0]?.label);
      export const code = (error: unknown) => (error instanceof GatewayError ? error.code : undefined);
      export const known: ProblemCode = 'RATE_LIMITED';
      export const places = gateway.predictBatch([{ url: 'u' }]).then((batch) =>
        batch.places.map((place) => (place.error ? place.error.retryAfter : place.best.length)));
      // @ts-expect-error: an image is no text
      void gateway.predict('pants.jpg');`;
    writeFileSync(join(project, 'use.ts'), source);
    const flags = ['--noEmit', '--strict', '--target', 'es2022', '--lib', 'es2022,dom'];
    const modules = ['--module', 'nodenext', '--ignoreConfig'];
    const tsc = projectPath('node_modules', 'typescript', 'bin', 'tsc');
    const checked = run(process.execPath, [tsc, ...flags, ...modules, join(project, 'use.ts')]);
    const { stdout } = await checked.catch((error: unknown) => error as { stdout: string });
    expect(stdout).toBe('');
  });
});

describePage('the packed client in a browser', () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await launchChromium();
  });

  afterAll(() => browser.close());

  it('works in a page of the same origin', async () => {
    const { page, faults } = await openPage(browser, stack.url);
    await page.route('**/client/*.js', (route) =>
      route.fulfill({ path: installed('dist', new URL(route.request().url()).pathname.slice(8)) }),
    );
    const base64 = readFileSync(pants).toString('base64');
    const told = await page.evaluate(
      `(async () => {
        ${PROGRAM}
        const base64 = '${base64}';
        const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
        const file = new File([bytes], 'pants.jpg', { type: 'image/jpeg' });
        const [url, apiKey, link] = [location.origin, '${API_KEY}', '${origin.url}/pants.jpg'];
        return use(await import('/client/index.js'), { url, apiKey, link, file, bytes, base64 });
      })()`,
    );
    expect(told).toEqual(TOLD);
    expect(faults).toEqual({ strays: [], errors: [] });
    await page.context().close();
  });
});

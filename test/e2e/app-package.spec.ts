import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { projectPath } from '#project';
import { eventually } from '../support/eventually.js';
import { gradientJpeg, gradientPng } from '../support/images.js';
import { startTestModelServer } from '../support/stack.js';

const GATEWAY = 'dist/apps/gateway/src/main.js';

/** Beside the gateway itself. */
const DECODER = [
  'dist/libs/preprocessing/src/workers/process.js',
  'dist/libs/preprocessing/src/workers/thread.js',
  'dist/libs/jpeg/jpeg.wasm',
  'dist/libs/preprocessing/png.wasm',
];

/** What the image of the gateway holds: cut out of the build, with the packages that it names. */
function cutOut(): { readonly app: string; readonly packages: string[] } {
  const app = mkdtempSync(join(tmpdir(), 'app-'));
  execFileSync(process.execPath, ['deploy/docker/app-package.js', app, GATEWAY, ...DECODER], {
    cwd: projectPath(),
  });
  const { dependencies } = JSON.parse(readFileSync(join(app, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  const packages = Object.keys(dependencies);
  for (const name of packages) {
    mkdirSync(dirname(join(app, 'node_modules', name)), { recursive: true });
    symlinkSync(projectPath('node_modules', name), join(app, 'node_modules', name));
  }
  for (const folder of ['models', 'protos']) symlinkSync(projectPath(folder), join(app, folder));
  cpSync(projectPath('apps/gateway/public'), join(app, 'apps/gateway/public'), { recursive: true });
  return { app, packages };
}

describe('the app of an image', () => {
  const { app, packages } = cutOut();
  const running: ChildProcess[] = [];
  let modelServer: Awaited<ReturnType<typeof startTestModelServer>>;

  beforeAll(async () => {
    modelServer = await startTestModelServer();
  });

  afterEach(() => {
    for (const child of running.splice(0)) child.kill('SIGKILL');
  });

  afterAll(async () => {
    await modelServer.close();
    rmSync(app, { recursive: true });
  });

  async function start(): Promise<string> {
    const child = spawn(process.execPath, [join(app, GATEWAY)], {
      cwd: '/',
      env: {
        HOST: '127.0.0.1',
        PORT: '0',
        METRICS_PORT: '0',
        TF_SERVING_HOST: `127.0.0.1:${modelServer.port}`,
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    running.push(child);
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    await eventually(
      () => Promise.resolve(output),
      (text) => text.includes('ready: open') || child.exitCode !== null,
    );
    return /open (http\S+)"/.exec(output)![1]!;
  }

  async function predict(url: string, image: Buffer, type: string): Promise<number> {
    const headers = { 'content-type': type };
    const response = await fetch(`${url}predict`, {
      method: 'POST',
      headers,
      body: new Uint8Array(image),
    });
    await response.arrayBuffer();
    return response.status;
  }

  it('needs no packages but those of native code and of the docs', () => {
    expect(packages).toEqual(['sharp', 'swagger-ui-dist']);
  });

  it('predicts, and serves its page and docs, with nothing else installed', async () => {
    const url = await start();
    expect(await predict(url, await gradientJpeg(), 'image/jpeg')).toBe(200);
    expect(await predict(url, await gradientPng(), 'image/png')).toBe(200);
    for (const path of ['', 'app.js', 'docs', 'docs/swagger-ui-bundle.js', 'openapi.json']) {
      const response = await fetch(url + path);
      await response.arrayBuffer();
      expect({ path, status: response.status }).toEqual({ path, status: 200 });
    }
  });

  it('holds the code that the build has left for this Node', () => {
    const [cache] = cachesOf(app);
    expect(cache).toContain(`${process.version}-${process.arch}`);
  });

  it('starts all the same where that code is damaged', async () => {
    for (const cache of cachesOf(app)) writeFileSync(cache, 'damaged');
    expect(await predict(await start(), await gradientPng(), 'image/png')).toBe(200);
  });
});

function cachesOf(app: string): string[] {
  const folder = join(app, dirname(GATEWAY));
  return readdirSync(folder)
    .filter((file) => file.endsWith('.cache'))
    .map((file) => join(folder, file));
}

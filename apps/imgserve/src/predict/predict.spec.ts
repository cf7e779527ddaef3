import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectPath } from '#project';
import { startStack, type Stack } from '../../../../test/support/stack.js';
import { PLAIN, type Context } from '../frame/index.js';
import { inOrder } from './in-order.js';
import { predict, type PredictOptions } from './predict.js';

const SAMPLES = projectPath('models', 'clothing-model', 'samples');
const KEY = 'a-key-of-the-command-line';

let folder: string;
let notes: string[];
let lines: string[];
const context: Context = {
  signal: new AbortController().signal,
  progress: { tell: () => undefined, clear: () => undefined },
  env: {},
  note: (message) => notes.push(message),
  line: (text) => {
    lines.push(text(PLAIN));
    return Promise.resolve();
  },
};

beforeEach(() => {
  notes = [];
  lines = [];
  folder = mkdtempSync(join(tmpdir(), 'predict-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

interface Told {
  images: number;
  failed: number;
  answers: { image: string; best?: { label: string }[]; problem?: { code: string } }[];
}

async function ask(url: string, named: string[], options: Partial<PredictOptions> = {}) {
  const defaults = { url, top: 1, concurrency: 4, timeout: 30 };
  const report = await predict([named], { ...defaults, ...options }, context);
  return { ...report, told: report.json as Told };
}

describe('imgserve predict before a gateway', () => {
  let stack: Stack;
  const key = (): { apiKeyFile: string } => {
    writeFileSync(join(folder, 'key'), `${KEY}\n`);
    return { apiKeyFile: join(folder, 'key') };
  };

  beforeAll(async () => {
    stack = await startStack({ API_KEYS: KEY });
  });

  afterAll(() => stack.close());

  it('tells the classes of a folder of images in their order', async () => {
    mkdirSync(join(folder, 'in', 'more'), { recursive: true });
    for (const name of ['shoes', 'pants']) {
      symlinkSync(join(SAMPLES, `${name}.jpg`), join(folder, 'in', `${name}.jpg`));
    }
    symlinkSync(join(SAMPLES, 'dress.jpg'), join(folder, 'in', 'more', '10.jpg'));
    symlinkSync(join(SAMPLES, 'hat.jpg'), join(folder, 'in', 'more', '2.jpg'));
    const { told, isFailed } = await ask(stack.url, [join(folder, 'in')], {
      ...key(),
      top: 2,
    });
    expect(told.answers.map(({ image }) => image.slice(folder.length + 4))).toEqual([
      'more/2.jpg',
      'more/10.jpg',
      'pants.jpg',
      'shoes.jpg',
    ]);
    const best = told.answers.map((answer) => answer.best?.map(({ label }) => label));
    expect(best.map((labels) => labels?.[0])).toEqual(['hat', 'dress', 'pants', 'shoes']);
    expect(best[0]).toHaveLength(2);
    expect(isFailed).toBe(false);
    expect(lines).toHaveLength(4);
    expect(lines[2]).toMatch(/pants\.jpg {2}pants \d+\.\d%/);
  });

  it('tells what failed of which image, and asks about the others', async () => {
    writeFileSync(
      join(folder, '=broken.jpg'),
      readFileSync(join(SAMPLES, 'pants.jpg')).subarray(0, 900),
    );
    writeFileSync(join(folder, 'text.png'), 'no image');
    symlinkSync('nowhere', join(folder, 'lost.jpg'));
    const named = [folder, join(SAMPLES, 'skirt.jpg'), 'http://127.0.0.1/a.jpg'];
    const { told, isFailed } = await ask(stack.url, named, { ...key(), csv: true });
    expect(told.answers.map(({ problem, best }) => problem?.code ?? best?.[0]?.label)).toEqual([
      'IMAGE_UNDECODABLE',
      'UNREADABLE',
      'UNSUPPORTED_IMAGE',
      'skirt',
      'URL_FORBIDDEN',
    ]);
    expect([told.failed, isFailed]).toEqual([4, true]);
    expect(lines[0]).toBe('image,rank,class,probability,version,problem\r');
    expect(lines[4]).toMatch(/skirt\.jpg,1,skirt,0\.\d+,1,\r$/);
    expect(notes.at(-1)).toBe('4 of 5 images have no answer');
  });

  it('says what to do where no image would be answered', async () => {
    const pants = [join(SAMPLES, 'pants.jpg')];
    await expect(ask(stack.url, pants)).rejects.toMatchObject({
      message: expect.stringMatching(/^UNAUTHENTICATED/) as string,
      hint: expect.stringContaining('--api-key-file') as string,
    });
    await expect(ask(stack.url, pants, { ...key(), model: 'x' })).rejects.toThrow(
      /MODEL_NOT_FOUND/,
    );
    await expect(ask('http://127.0.0.1:1', pants)).rejects.toMatchObject({
      hint: expect.stringContaining('npm start') as string,
    });
    await expect(ask(stack.url, [join(folder, 'none.jpg')])).rejects.toThrow(/no such file/);
    await expect(ask(stack.url, [folder])).rejects.toThrow(/expected images/);
  });
});

it('asks again as often as the gateway puts an image off', async () => {
  let left = 4;
  const server: Server = createServer((request, response) => {
    request.resume();
    const isLater = request.url !== '/livez' && left-- > 0;
    const problem = { code: 'RATE_LIMITED', detail: 'Later.', status: 429 };
    response.writeHead(isLater ? 429 : 200, { 'retry-after': '0' });
    response.end(JSON.stringify(isLater ? problem : { pants: 1 }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const { port } = server.address() as AddressInfo;
    const { told } = await ask(`http://127.0.0.1:${port}`, [join(SAMPLES, 'pants.jpg')]);
    expect([told.failed, left]).toEqual([0, -1]);
  } finally {
    server.close();
    server.closeAllConnections();
  }
});

it('prints each answer as soon as it is its turn, and keeps those it has where the rest fails', async () => {
  let asked = 0;
  const server: Server = createServer((request, response) => {
    request.resume();
    // The third finds another program there, once the first two have been told.
    const isGateway = request.url === '/livez' || ++asked < 3;
    response.end(isGateway ? JSON.stringify({ pants: 1 }) : 'hello');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const { port } = server.address() as AddressInfo;
    const pants = join(SAMPLES, 'pants.jpg');
    const answer = ask(`http://127.0.0.1:${port}`, [pants, pants, pants], { concurrency: 1 });
    await expect(answer).rejects.toThrow('UNEXPECTED_ANSWER');
    expect(lines).toEqual([`${pants}  pants 100.0%`, `${pants}  pants 100.0%`]);
  } finally {
    server.close();
    server.closeAllConnections();
  }
});

describe('work in order', () => {
  async function* numbers(count: number, taken: number[]) {
    for (let n = 0; n < count; n++) {
      taken.push(n);
      yield await Promise.resolve(n);
    }
  }

  it('is bounded, in what is at once and in what is ahead, and keeps its order', async () => {
    let running = 0;
    let most = 0;
    const taken: number[] = [];
    const results: number[] = [];
    const work = async (n: number): Promise<number> => {
      most = Math.max(most, ++running);
      for (let turn = 0; turn < (n % 5) * 3; turn++) await new Promise(setImmediate);
      running--;
      return n;
    };
    for await (const n of inOrder(numbers(10_000, taken), 4, work)) {
      results.push(n);
      expect(taken.length - results.length).toBeLessThanOrEqual(32);
    }
    expect(results).toEqual(Array.from({ length: 10_000 }, (_, n) => n));
    expect(most).toBe(4);
  });

  it('begins nothing more once one has failed', async () => {
    const begun: number[] = [];
    const work = (n: number): Promise<number> => {
      begun.push(n);
      return n === 1 ? Promise.reject(new Error('no')) : Promise.resolve(n);
    };
    const drain = async (): Promise<void> => {
      for await (const n of inOrder(numbers(100, []), 1, work)) expect(n).toBe(0);
    };
    await expect(drain()).rejects.toThrow('no');
    const soFar = begun.length;
    await new Promise(setImmediate);
    expect(begun.length).toBe(soFar);
    expect(soFar).toBeLessThan(100);
  });
});

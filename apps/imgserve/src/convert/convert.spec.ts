import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PLAIN, type Context } from '../frame/index.js';
import { convert } from './convert.js';

const RESULT = {
  folder: '/models/mine/1',
  input: { name: 'picture', dtype: 'float32', shape: [null, 96, 96, 3] },
  output: { name: 'shape', shape: [null, 7] },
  differences: [
    {
      format: 'ONNX',
      signature: 'serving_default',
      scores: 2.5e-7,
      tolerance: 1e-4,
      same_best: 1,
    },
  ],
  pictures: 6,
  warmup_requests: 3,
  notes: ['no serving_bytes: TensorFlow has no box filter'],
  faults: [] as string[],
};
const PATH = process.env['PATH']!;

let folder: string;
let source: string;
let told: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'convert-'));
  source = join(folder, 'my-net.keras');
  writeFileSync(source, '');
  told = [];
  process.env['PATH'] = `${folder}:${PATH}`;
});

afterEach(() => {
  process.env['PATH'] = PATH;
  rmSync(folder, { recursive: true });
});

/** Docker, less the containers: it keeps what it is called with, and says what the converter would. */
function docker(events: readonly object[], exitCode = 0): void {
  const lines = events.map((event) => `echo '${JSON.stringify(event)}'`).join('\n');
  const run = `echo "$@" > ${folder}/args; cat > ${folder}/asked\n${lines}\nexit ${exitCode}`;
  const script = `#!/bin/sh\nif [ "$1" = build ]; then echo sha256:abc; exit; fi\n${run}\n`;
  writeFileSync(join(folder, 'docker'), script);
  chmodSync(join(folder, 'docker'), 0o755);
}

function run(options: object = {}) {
  const context: Context = {
    signal: new AbortController().signal,
    progress: { tell: (what) => told.push(what), clear: () => undefined },
    env: {},
    note: () => undefined,
    line: () => Promise.resolve(),
  };
  const out = join(folder, 'mine', '1');
  return convert([source], { out, docker: true, ...options }, context);
}

describe('imgserve convert', () => {
  it('tells what was written, and how far each signature is from Keras', async () => {
    docker([{ stage: 'writing ONNX' }, RESULT]);
    const report = await run();
    expect(told).toContain('writing ONNX');
    expect(report.isFailed).toBe(false);
    expect(report.json).toMatchObject({ folder: join(folder, 'mine', '1'), pictures: 6 });
    expect(report.text(PLAIN).split('\n')).toEqual([
      join(folder, 'mine', '1'),
      'picture float32 [N, 96, 96, 3] -> shape [N, 7]',
      '',
      'Largest difference of a score from Keras, and same best class, on 6 pictures:',
      '  ONNX        serving_default   2.5e-7  100 %',
      '',
      'no serving_bytes: TensorFlow has no box filter',
    ]);
  });

  it('fails where a format differs from Keras', async () => {
    docker([{ ...RESULT, faults: ['ONNX serving_default differs from Keras by 3.0e-01'] }], 1);
    const report = await run();
    expect(report.isFailed).toBe(true);
    expect(report.text(PLAIN)).toMatch(/^Nothing was written(.|\n)*differs from Keras by 3\.0e-01/);
  });

  it('says what cannot be converted', async () => {
    docker([{ refusal: 'lam.keras holds the Lambda layer "double"' }], 1);
    await expect(run()).rejects.toMatchObject({
      message: expect.stringMatching('"double"') as string,
      exitCode: 3,
    });
  });

  it('gives a container the file, the place for the model and the pictures, and no network', async () => {
    docker([RESULT]);
    await run({ images: folder, scaling: 'torch' });
    const args = readFileSync(join(folder, 'args'), 'utf8');
    expect(args).toContain(`${source}:/source/my-net.keras:ro`);
    expect(args).toContain(`${join(folder, 'mine')}:/models/mine`);
    expect(args).toContain(`${folder}:/images:ro`);
    expect(args).toContain('--network none');
    expect(JSON.parse(readFileSync(join(folder, 'asked'), 'utf8'))).toMatchObject({
      source: '/source/my-net.keras',
      target: '/models/mine/1',
      images: '/images',
      scaling: 'torch',
    });
  });

  it('says what is missing where the image cannot be built', async () => {
    docker([]);
    writeFileSync(join(folder, 'docker'), '#!/bin/sh\necho "no daemon" >&2\nexit 1\n');
    await expect(run()).rejects.toMatchObject({
      message: expect.stringMatching('no daemon') as string,
      exitCode: 5,
    });
  });
});

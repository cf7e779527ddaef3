import { execFileSync } from 'node:child_process';
import sharp from 'sharp';
import { projectPath } from '#project';
import { preprocess } from '../preprocess.js';
import type { ImageSpec } from '../spec.js';
import { decodersOf, told } from '../../test/decoders.js';
import type { Target } from './job.js';
import { Preprocessor } from './preprocessor.js';

const SPEC: ImageSpec = {
  size: [20, 30],
  resample: 'bilinear',
  fit: 'stretch',
  scaling: 'tf',
  decode: 'exact',
};
const LENGTH = 20 * 30 * 3;
const OPTIONS = { maxPixels: 30_000_000, output: 'float32' } as const;

let preprocessor: Preprocessor;

beforeEach(() => {
  preprocessor = new Preprocessor(2);
});

afterEach(async () => {
  await preprocessor.close();
});

type Kind = 'jpeg' | 'png' | 'webp';

function picture(kind: Kind, red: number, width = 50, height = 40): Promise<Buffer> {
  const background = { r: red, g: 2, b: 3 };
  return sharp({ create: { width, height, channels: 3, background } })
    .toFormat(kind)
    .toBuffer();
}

/** Some tenths of a second: every sample of the picture counts. */
const SLOW = { ...SPEC, resample: 'lanczos' } as const;

describe.each([
  { kind: 'jpeg', worker: 'thread' },
  { kind: 'png', worker: 'thread' },
  { kind: 'webp', worker: 'process' },
] as const)('a $kind, in a $worker', ({ kind }) => {
  it('becomes the same tensor as on this one, each its own', async () => {
    const files = await Promise.all([10, 60, 110, 160, 210].map((red) => picture(kind, red)));
    const tensors = await Promise.all(
      files.map((file) => preprocessor.preprocess(file, SPEC, OPTIONS)),
    );
    for (const [index, file] of files.entries()) {
      expect(tensors[index]!.data).toEqual((await preprocess(file, SPEC, OPTIONS)).data);
    }
  });

  it.each([
    ['shared', new SharedArrayBuffer(LENGTH * 8), false],
    ['own', new ArrayBuffer(LENGTH * 8), false],
    ['movable', new ArrayBuffer(LENGTH * 8), true],
  ] as const)('is written to the %s memory that is asked for', async (_name, memory, isMovable) => {
    const file = await picture(kind, 100);
    const given = new Float32Array(memory, LENGTH * 4, LENGTH);
    const target: Target = { data: given, isMovable };
    const { data } = await preprocessor.preprocess(file, SPEC, { ...OPTIONS, out: () => target });
    expect(data).toBe(target.data);
    expect(data.byteOffset).toBe(LENGTH * 4);
    expect(data.buffer.byteLength).toBe(LENGTH * 8);
    // What may not be moved stays what it was, for whoever else has a view of it.
    if (!isMovable) expect(data).toBe(given);
    expect([...data]).toEqual([...(await preprocess(file, SPEC, OPTIONS)).data]);
  });

  it('is read where it lies in shared memory', async () => {
    const file = await picture(kind, 100);
    const shared = Buffer.from(new SharedArrayBuffer(file.length + 7)).subarray(7);
    shared.set(file);
    const { data } = await preprocessor.preprocess(shared, SPEC, OPTIONS);
    expect(data).toEqual((await preprocess(file, SPEC, OPTIONS)).data);
  });

  it('that is at fault is refused as on this one', async () => {
    const broken = (await picture(kind, 1)).subarray(0, -20);
    await expect(preprocessor.preprocess(broken, SPEC, OPTIONS)).rejects.toMatchObject({
      name: 'UndecodableImageError',
      code: 'IMAGE_UNDECODABLE',
      publicMessage: 'The image is broken or truncated and could not be decoded.',
    });
    await expect(
      preprocessor.preprocess(await picture(kind, 1), SPEC, { ...OPTIONS, maxPixels: 9 }),
    ).rejects.toMatchObject({ code: 'IMAGE_TOO_LARGE' });
  });

  it('whose caller has gone ends while it is in work, and leaves the thread to others', async () => {
    const large = await picture(kind, 1, 5000, 5000);
    const caller = new AbortController();
    const reason = new Error('gone');
    const work = preprocessor.preprocess(large, SLOW, { ...OPTIONS, signal: caller.signal });
    setTimeout(() => {
      caller.abort(reason);
    }, 100);
    await expect(work).rejects.toBe(reason);
    const { data } = await preprocessor.preprocess(await picture(kind, 9), SPEC, OPTIONS);
    expect(data).toHaveLength(LENGTH);
  });

  it('whose caller goes as it is done takes no other image with it', async () => {
    await preprocessor.preprocess(await picture(kind, 1), SPEC, OPTIONS);
    const [file, other] = [await picture(kind, 2), await picture(kind, 3)];
    const caller = new AbortController();
    const work = preprocessor.preprocess(file, SPEC, { ...OPTIONS, signal: caller.signal });
    // It is done, but nobody has heard of it yet.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
    caller.abort(new Error('gone'));
    await expect(work).rejects.toThrow('gone');
    const { data } = await preprocessor.preprocess(other, SPEC, OPTIONS);
    expect(data).toEqual((await preprocess(other, SPEC, OPTIONS)).data);
  });

  it('whose caller goes while it waits is never begun', async () => {
    const large = await picture(kind, 1, 3000, 3000);
    const caller = new AbortController();
    const busy = [1, 2].map(() => preprocessor.preprocess(large, SLOW, OPTIONS));
    let begun = false;
    const waiting = preprocessor.preprocess(await picture(kind, 2), SPEC, {
      ...OPTIONS,
      signal: caller.signal,
      out: () => {
        begun = true;
        return { data: new Float32Array(LENGTH) };
      },
    });
    expect(preprocessor.isBusy).toBe(true);
    caller.abort(new Error('gone'));
    await expect(waiting).rejects.toThrow('gone');
    await Promise.all(busy);
    expect(begun).toBe(false);
    expect(preprocessor.isBusy).toBe(false);
  });

  it('leaves the event loop to others meanwhile', async () => {
    const large = await picture(kind, 1, 4000, 4000);
    let turns = 0;
    const timer = setInterval(() => turns++, 5);
    await preprocessor.preprocess(large, SLOW, OPTIONS);
    clearInterval(timer);
    expect(turns).toBeGreaterThan(10);
  });
});

it.each(['jpeg', 'png'] as const)(
  'does a small %s of which nearest takes the pixels at once',
  async (kind) => {
    const file = await picture(kind, 100);
    const nearest = { ...SPEC, resample: 'nearest' } as const;
    const out = new Float32Array(LENGTH);
    const { data } = await preprocessor.preprocess(file, nearest, {
      ...OPTIONS,
      out: () => ({ data: out }),
    });
    // Another thread would have given back another array.
    expect(data).toBe(out);
    expect(decodersOf(process.pid)).toEqual([]);
    expect(data).toEqual((await preprocess(file, nearest, OPTIONS)).data);
  },
);

describe('small pictures that come together', () => {
  const nearest = { ...SPEC, resample: 'nearest' } as const;

  it('are done by a thread, too, each its own, in the memory that it was given', async () => {
    const reds = Array.from({ length: 40 }, (_, index) => index * 6);
    const files = await Promise.all(reds.map((red) => picture('jpeg', red)));
    const given = files.map(() => new Float32Array(LENGTH));
    const targets: Target[] = given.map((data) => ({ data, isMovable: true }));
    const tensors = await Promise.all(
      files.map((file, index) =>
        preprocessor.preprocess(file, nearest, { ...OPTIONS, out: () => targets[index]! }),
      ),
    );
    for (const [index, file] of files.entries()) {
      expect(tensors[index]!.data).toBe(targets[index]!.data);
      expect(tensors[index]!.data).toEqual((await preprocess(file, nearest, OPTIONS)).data);
    }
    // What has been to the thread and back is no longer what was given.
    const moved = given.filter((data) => data.length === 0);
    expect(moved.length).toBeGreaterThan(0);
    expect(moved.length).toBeLessThan(given.length);
  });

  it('are refused each for itself, and give back what they were to be written to', async () => {
    const good = await picture('jpeg', 7);
    const files = [good, good, good.subarray(0, -20), good];
    const targets: Target[] = files.map(() => ({
      data: new Float32Array(LENGTH),
      isMovable: true,
    }));
    const answers = await Promise.allSettled(
      files.map((file, index) =>
        preprocessor.preprocess(file, nearest, { ...OPTIONS, out: () => targets[index]! }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'rejected',
      'fulfilled',
    ]);
    expect(answers[2]).toMatchObject({ reason: { code: 'IMAGE_UNDECODABLE' } });
    expect(targets.map(({ data }) => data.length)).toEqual(files.map(() => LENGTH));
  });

  it('of which a caller has gone come to their end', async () => {
    const file = await picture('jpeg', 9);
    const caller = new AbortController();
    const target: Target = { data: new Float32Array(LENGTH), isMovable: true };
    const first = preprocessor.preprocess(file, nearest, OPTIONS);
    const gone = preprocessor.preprocess(file, nearest, {
      ...OPTIONS,
      signal: caller.signal,
      out: () => target,
    });
    const beside = preprocessor.preprocess(file, nearest, OPTIONS);
    expect(target.data).toHaveLength(0);
    caller.abort(new Error('gone'));
    await expect(gone).rejects.toThrow('gone');
    expect(target.data).toHaveLength(LENGTH);
    expect((await beside).data).toEqual((await first).data);
  });
});

it('decodes a regular PNG in no process, however large', async () => {
  await preprocessor.preprocess(await picture('png', 1, 800, 600), SPEC, OPTIONS);
  expect(decodersOf(process.pid)).toEqual([]);
});

describe('a picture that only libvips decodes', () => {
  const signals: string[] = [];

  beforeEach(async () => {
    signals.length = 0;
    await preprocessor.close();
    preprocessor = new Preprocessor(2, (signal) => signals.push(signal));
  });

  /** A picture in work, and the process that has it. */
  function inWork(large: Buffer) {
    const known = decodersOf(process.pid);
    const work = preprocessor.preprocess(large, SLOW, OPTIONS);
    const [decoder] = decodersOf(process.pid).filter((pid) => !known.includes(pid));
    return { work, decoder: decoder! };
  }

  it('and ends its process by a fault there is refused, and takes no other with it', async () => {
    const large = await picture('webp', 1, 4000, 4000);
    const first = inWork(large);
    const second = inWork(large);
    process.kill(first.decoder, 'SIGSEGV');
    await expect(first.work).rejects.toMatchObject({ code: 'IMAGE_UNDECODABLE' });
    expect((await second.work).data).toHaveLength(LENGTH);
    expect(signals).toEqual(['SIGSEGV']);
    const { data } = await preprocessor.preprocess(await picture('webp', 9), SPEC, OPTIONS);
    expect(data).toHaveLength(LENGTH);
  });

  it('and whose process somebody else ends is not said to be broken', async () => {
    const { work, decoder } = inWork(await picture('webp', 1, 4000, 4000));
    process.kill(decoder, 'SIGKILL');
    await expect(work).rejects.toThrow('The process has ended: SIGKILL');
    expect(signals).toEqual([]);
  });

  it('and whose process hangs is ended with it', async () => {
    const caller = new AbortController();
    const file = await picture('webp', 2);
    await preprocessor.preprocess(file, SPEC, OPTIONS);
    const [decoder] = decodersOf(process.pid);
    process.kill(decoder!, 'SIGSTOP');
    const work = preprocessor.preprocess(file, SPEC, { ...OPTIONS, signal: caller.signal });
    caller.abort(new Error('gone'));
    await expect(work).rejects.toThrow('gone');
    expect(decodersOf(process.pid)).not.toContain(decoder);
    expect((await preprocessor.preprocess(file, SPEC, OPTIONS)).data).toHaveLength(LENGTH);
  });

  it('gets into no process that knows a secret, or that outlives its need', async () => {
    process.env['API_KEYS'] = 'hunter2';
    try {
      await preprocessor.preprocess(await picture('webp', 2), SPEC, OPTIONS);
    } finally {
      delete process.env['API_KEYS'];
    }
    const [decoder] = decodersOf(process.pid);
    expect(told(`/proc/${decoder}/environ`)).not.toContain('hunter2');
    expect(told(`/proc/${decoder}/oom_score_adj`).trim()).toBe('1000');
    await preprocessor.close();
    expect(decodersOf(process.pid)).toEqual([]);
  });

  it.each([
    { name: 'at once', resample: 'nearest' },
    { name: 'on a thread', resample: 'bilinear' },
  ] as const)('although it is a JPEG is left by our own decoder $name', async ({ resample }) => {
    const inks = await sharp(await picture('webp', 200))
      .toColourspace('cmyk')
      .jpeg()
      .toBuffer();
    const spec = { ...SPEC, resample };
    const { data } = await preprocessor.preprocess(inks, spec, OPTIONS);
    expect(decodersOf(process.pid)).toHaveLength(1);
    expect(data).toEqual((await preprocess(inks, spec, OPTIONS)).data);
  });

  it.each([
    { name: 'at once', resample: 'nearest' },
    { name: 'on a thread', resample: 'bilinear' },
  ] as const)('although it is a PNG is left by our own decoder $name', async ({ resample }) => {
    // Whose end is missing, behind the pixels.
    const cut = (await picture('png', 200)).subarray(0, -4);
    const spec = { ...SPEC, resample };
    const { data } = await preprocessor.preprocess(cut, spec, OPTIONS);
    expect(data).toEqual((await preprocess(cut, spec, OPTIONS)).data);
    expect(decodersOf(process.pid)).toHaveLength(1);
  });

  it('lets a program that has nothing else to do come to its end', async () => {
    const entry = projectPath('dist/libs/preprocessing/src/workers/preprocessor.js');
    const file = (await picture('webp', 1)).toString('base64');
    const program = `
      const { Preprocessor } = await import(${JSON.stringify(entry)});
      const preprocessor = new Preprocessor(1);
      const bytes = Buffer.from('${file}', 'base64');
      await preprocessor.preprocess(bytes, ${JSON.stringify(SPEC)}, ${JSON.stringify(OPTIONS)});
      await preprocessor.close();
      console.log('closed');`;
    const asModule = ['--input-type=module', '--eval', program];
    expect(execFileSync(process.execPath, asModule, { encoding: 'utf8' })).toBe('closed\n');
  });
});

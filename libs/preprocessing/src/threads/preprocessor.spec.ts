import sharp from 'sharp';
import { preprocess } from '../preprocess.js';
import type { ImageSpec } from '../spec.js';
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

function picture(red: number, width = 50, height = 40): Promise<Buffer> {
  const background = { r: red, g: 2, b: 3 };
  return sharp({ create: { width, height, channels: 3, background } })
    .png()
    .toBuffer();
}

/** Some tenths of a second: every sample of the picture counts. */
const SLOW = { ...SPEC, resample: 'lanczos' } as const;

describe('an image on a thread', () => {
  it('becomes the same tensor as on this one, each its own', async () => {
    const files = await Promise.all([10, 60, 110, 160, 210].map((red) => picture(red)));
    const tensors = await Promise.all(
      files.map((file) => preprocessor.preprocess(file, SPEC, OPTIONS)),
    );
    for (const [index, file] of files.entries()) {
      expect(tensors[index]!.data).toEqual((await preprocess(file, SPEC, OPTIONS)).data);
    }
  });

  it.each([
    ['shared', new SharedArrayBuffer(LENGTH * 4)],
    ['own', new ArrayBuffer(LENGTH * 4)],
  ] as const)('is written to the %s memory that is asked for', async (_name, memory) => {
    const file = await picture(100);
    const out = new Float32Array(memory);
    const { data } = await preprocessor.preprocess(file, SPEC, { ...OPTIONS, out: () => out });
    expect(data).toBe(out);
    expect([...out]).toEqual([...(await preprocess(file, SPEC, OPTIONS)).data]);
  });

  it('is read where it lies in shared memory', async () => {
    const file = await picture(100);
    const shared = Buffer.from(new SharedArrayBuffer(file.length + 7)).subarray(7);
    shared.set(file);
    const { data } = await preprocessor.preprocess(shared, SPEC, OPTIONS);
    expect(data).toEqual((await preprocess(file, SPEC, OPTIONS)).data);
  });

  it('that is at fault is refused as on this one', async () => {
    const broken = (await picture(1)).subarray(0, 60);
    await expect(preprocessor.preprocess(broken, SPEC, OPTIONS)).rejects.toMatchObject({
      name: 'UndecodableImageError',
      code: 'IMAGE_UNDECODABLE',
      publicMessage: 'The image is broken or truncated and could not be decoded.',
    });
    await expect(
      preprocessor.preprocess(await picture(1), SPEC, { ...OPTIONS, maxPixels: 9 }),
    ).rejects.toMatchObject({ code: 'IMAGE_TOO_LARGE' });
  });

  it('whose caller has gone ends while it is in work, and leaves the thread to others', async () => {
    const large = await picture(1, 5000, 5000);
    const caller = new AbortController();
    const reason = new Error('gone');
    const work = preprocessor.preprocess(large, SLOW, { ...OPTIONS, signal: caller.signal });
    setTimeout(() => {
      caller.abort(reason);
    }, 100);
    await expect(work).rejects.toBe(reason);
    const { data } = await preprocessor.preprocess(await picture(9), SPEC, OPTIONS);
    expect(data).toHaveLength(LENGTH);
  });

  it('whose caller goes as it is done takes no other image with it', async () => {
    await preprocessor.preprocess(await picture(1), SPEC, OPTIONS);
    const [file, other] = [await picture(2), await picture(3)];
    const caller = new AbortController();
    const work = preprocessor.preprocess(file, SPEC, { ...OPTIONS, signal: caller.signal });
    // The thread is done, but nobody has heard of it yet.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
    caller.abort(new Error('gone'));
    await expect(work).rejects.toThrow('gone');
    const { data } = await preprocessor.preprocess(other, SPEC, OPTIONS);
    expect(data).toEqual((await preprocess(other, SPEC, OPTIONS)).data);
  });

  it('whose caller goes while it waits is never begun', async () => {
    const large = await picture(1, 3000, 3000);
    const caller = new AbortController();
    const busy = [1, 2].map(() => preprocessor.preprocess(large, SLOW, OPTIONS));
    let begun = false;
    const waiting = preprocessor.preprocess(await picture(2), SPEC, {
      ...OPTIONS,
      signal: caller.signal,
      out: () => {
        begun = true;
        return new Float32Array(LENGTH);
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
    const large = await picture(1, 4000, 4000);
    let turns = 0;
    const timer = setInterval(() => turns++, 5);
    await preprocessor.preprocess(large, SLOW, OPTIONS);
    clearInterval(timer);
    expect(turns).toBeGreaterThan(10);
  });
});

it('does a small JPEG of which nearest takes the pixels at once', async () => {
  const file = await sharp(await picture(100))
    .jpeg()
    .toBuffer();
  const nearest = { ...SPEC, resample: 'nearest' } as const;
  const asked: string[] = [];
  const { data } = await preprocessor.preprocess(file, nearest, {
    ...OPTIONS,
    out: (memory) => {
      asked.push(memory);
      return new Float32Array(LENGTH);
    },
  });
  expect(asked).toEqual(['own']);
  expect(data).toEqual((await preprocess(file, nearest, OPTIONS)).data);
});

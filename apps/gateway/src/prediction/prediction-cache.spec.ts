import { createHash } from 'node:crypto';
import { UndecodableImageError } from '#preprocessing';
import type { Call } from '../http/call.js';
import type { Classification } from '../models/classifier.js';
import type { ServedModel } from '../models/served-model.js';
import { UNTIMED, type StageTimes } from '../models/stage-times.js';
import { etagOf, isListed } from './etag.js';
import { PredictionCache } from './prediction-cache.js';

const CALL: Call = {
  deadline: new Date(),
  signal: new AbortController().signal,
  metadata: {},
};

/** What the backend says its version is, and what has answered. */
let version: string;
let answering: string | undefined;
let fault: Error | undefined;
let asked: number;
let cache: PredictionCache;

const modelOf = (identity: string) =>
  ({
    identity,
    currentVersion: () => Promise.resolve(version),
    predict: (_image: Uint8Array, _call: Call, times: StageTimes): Promise<Classification> => {
      asked++;
      times.infer(asked);
      if (fault !== undefined) return Promise.reject(fault);
      return Promise.resolve({ version: answering ?? version, probabilities: [asked] });
    },
  }) as unknown as ServedModel;
const model = modelOf('spec');

beforeEach(() => {
  version = '1';
  answering = undefined;
  fault = undefined;
  asked = 0;
  cache = new PredictionCache(2);
});

const image = (text: string) => new TextEncoder().encode(text);

async function predict(
  text: string,
  of = model,
  times: StageTimes = UNTIMED,
): Promise<Classification> {
  const key = await cache.keyOf(of, image(text), CALL);
  return cache.predict(key, of, image(text), CALL, times);
}

describe('PredictionCache', () => {
  it('asks the model once for the same image', async () => {
    const first = await predict('a');
    expect(await predict('a')).toBe(first);
    await predict('b');
    expect([asked, cache.hits, cache.misses, cache.size]).toEqual([2, 1, 2, 2]);
  });

  it('tells whoever had the model asked, and nobody else, how long that took', async () => {
    const told: [who: string, seconds: number][] = [];
    const as = (who: string): StageTimes => ({
      ...UNTIMED,
      infer: (seconds) => {
        told.push([who, seconds]);
      },
    });
    await Promise.all([predict('a', model, as('first')), predict('a', model, as('second'))]);
    await predict('a', model, as('third'));
    expect(told).toEqual([['first', 1]]);
  });

  it('keeps no more than it may, and those that were asked for last', async () => {
    for (const text of ['a', 'b', 'a', 'c', 'a']) await predict(text);
    expect(asked).toBe(3);
    expect(cache.size).toBe(2);
    await predict('b');
    expect(asked).toBe(4);
  });

  it('answers nothing of one version once another serves, and it again when it is back', async () => {
    await predict('a');
    version = '2';
    expect((await predict('a')).version).toBe('2');
    version = '1';
    expect((await predict('a')).version).toBe('1');
    expect(asked).toBe(2);
  });

  it('keeps nothing under a version that did not give it', async () => {
    answering = '2';
    expect((await predict('a')).version).toBe('2');
    answering = undefined;
    expect((await predict('a')).version).toBe('1');
    expect(asked).toBe(2);
  });

  it('tells specs apart', async () => {
    await predict('a');
    await predict('a', modelOf('changed'));
    expect(asked).toBe(2);
  });

  it('keeps no failure', async () => {
    fault = new UndecodableImageError();
    await expect(predict('a')).rejects.toBe(fault);
    expect(cache.size).toBe(0);
    fault = undefined;
    await predict('a');
    expect(asked).toBe(2);
  });

  it('asks once for the same image at once', async () => {
    await Promise.all([predict('a'), predict('a'), predict('a')]);
    expect([asked, cache.hits, cache.misses]).toEqual([1, 2, 1]);
  });

  it.each([ArrayBuffer, SharedArrayBuffer])(
    'knows a large image by the same hash wherever it is computed (%p)',
    async (Memory) => {
      const large = Buffer.from(new Memory(300_000)).fill(7);
      const { text } = await cache.keyOf(model, large, CALL);
      expect(text).toBe(`spec:1:${createHash('sha256').update(large).digest('base64url')}`);
    },
  );
});

describe('the entity tag', () => {
  it('differs by image, version and what is shown', async () => {
    const a = await cache.keyOf(model, image('a'), CALL);
    const b = await cache.keyOf(model, image('b'), CALL);
    version = '2';
    const a2 = await cache.keyOf(model, image('a'), CALL);
    const tags = [etagOf(a, undefined), etagOf(a, 1), etagOf(b, undefined), etagOf(a2, undefined)];
    expect(new Set(tags).size).toBe(4);
    for (const tag of tags) expect(tag).toMatch(/^W\/"[\w-]{27}"$/);
  });

  it('is found in a list, weak or strong', () => {
    expect(isListed('W/"a"', undefined)).toBe(false);
    expect(isListed('W/"a"', '"a"')).toBe(true);
    expect(isListed('W/"a"', '"b", W/"a"')).toBe(true);
    expect(isListed('W/"a"', '"ab"')).toBe(false);
    expect(isListed('W/"a"', '*')).toBe(false);
  });
});

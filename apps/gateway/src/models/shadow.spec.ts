import { jest } from '@jest/globals';
import { setImmediate } from 'node:timers/promises';
import { ModelUnavailableError } from '#serving-client';
import type { Call } from '../http/call.js';
import type { Classification } from './classifier.js';
import { UNOBSERVED } from './model-observer.js';
import type { ServedModel } from './served-model.js';
import { Shadow } from './shadow.js';
import { WatchedVersion } from './watched-version.js';

const IMAGE = new Uint8Array([1]);
const ANSWER: Classification = { version: '1', probabilities: [0.7, 0.3] };

let told: [result: string, difference: number | undefined][];
let asked: { call: Call; settle: (answer: Classification | Error) => void }[];
let preprocessor: { isBusy: boolean };
let version: string;

beforeEach(() => {
  told = [];
  asked = [];
  preprocessor = { isBusy: false };
  version = '2';
});

afterEach(() => {
  jest.restoreAllMocks();
});

async function shadow(fraction = 1): Promise<Shadow> {
  const model = {
    check: () => Promise.resolve(version),
    predict: (_file: Uint8Array, call: Call) =>
      new Promise((resolve, reject) => {
        const settle = (answer: Classification | Error) => {
          if (answer instanceof Error) reject(answer);
          else resolve(answer);
        };
        asked.push({ call, settle });
      }),
  } as unknown as ServedModel;
  const candidate = new WatchedVersion('shadow', model);
  await candidate.check({} as Call);
  const observer = {
    ...UNOBSERVED,
    shadowed: (result: string, difference?: number) => told.push([result, difference]),
  };
  return new Shadow(candidate, fraction, observer, preprocessor);
}

async function compared(answer: Classification | Error): Promise<void> {
  asked.at(-1)!.settle(answer);
  await setImmediate();
}

describe('a shadow', () => {
  it('is asked after the answer, and tells how far it is off', async () => {
    const shown = await shadow();
    shown.offer(IMAGE, ANSWER);
    expect(asked).toHaveLength(0);
    await setImmediate();
    await compared({ version: '2', probabilities: [0.6, 0.4] });
    shown.offer(IMAGE, ANSWER);
    await setImmediate();
    await compared({ version: '2', probabilities: [0.2, 0.8] });
    expect(told).toEqual([
      ['agreed', expect.closeTo(0.1) as number],
      ['disagreed', expect.closeTo(0.5) as number],
    ]);
  });

  it('fails for itself alone', async () => {
    (await shadow()).offer(IMAGE, ANSWER);
    await setImmediate();
    await compared(new ModelUnavailableError());
    expect(told).toEqual([['failed', undefined]]);
  });

  it("has a deadline of its own, not the request's", async () => {
    (await shadow()).offer(IMAGE, ANSWER);
    await setImmediate();
    const { deadline, signal } = asked[0]!.call;
    expect(deadline.getTime()).toBeGreaterThan(Date.now());
    expect(deadline.getTime()).toBeLessThanOrEqual(Date.now() + 5000);
    expect(signal.aborted).toBe(false);
  });

  it('gets its fraction of the requests', async () => {
    const shown = await shadow(0.25);
    for (const draw of [0, 0.24, 0.25, 0.9]) {
      jest.spyOn(Math, 'random').mockReturnValue(draw);
      shown.offer(IMAGE, ANSWER);
    }
    await setImmediate();
    expect(asked).toHaveLength(2);
  });

  it('is dropped where too many are in work, and asked again when they have ended', async () => {
    const shown = await shadow();
    for (let n = 0; n < 6; n++) shown.offer(IMAGE, ANSWER);
    await setImmediate();
    expect(asked).toHaveLength(4);
    expect(told).toEqual([
      ['dropped', undefined],
      ['dropped', undefined],
    ]);
    await compared(new ModelUnavailableError());
    shown.offer(IMAGE, ANSWER);
    await setImmediate();
    expect(asked).toHaveLength(5);
  });

  it('is dropped where an image of a request may have to wait for it', async () => {
    const shown = await shadow();
    preprocessor.isBusy = true;
    shown.offer(IMAGE, ANSWER);
    expect(told).toEqual([['dropped', undefined]]);
    preprocessor.isBusy = false;
    shown.offer(IMAGE, ANSWER);
    await setImmediate();
    expect(asked).toHaveLength(1);
  });

  it('is not asked where it is the version that has answered', async () => {
    version = '1';
    (await shadow()).offer(IMAGE, ANSWER);
    await setImmediate();
    expect(asked).toHaveLength(0);
    expect(told).toEqual([]);
  });
});

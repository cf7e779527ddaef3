import { jest } from '@jest/globals';
import { DeadlineExceededError, ModelNotFoundError } from '#serving-client';
import type { ServedModel } from './served-model.js';
import { Traffic } from './traffic.js';
import { WatchedVersion } from './watched-version.js';

const CALL = { deadline: new Date(), signal: new AbortController().signal, metadata: {} };

let faults: Record<string, Error | undefined>;

beforeEach(() => {
  faults = {};
});

afterEach(() => {
  jest.restoreAllMocks();
});

function version(name: string): WatchedVersion {
  const check = (): Promise<string> => {
    const fault = faults[name];
    return fault === undefined ? Promise.resolve(name) : Promise.reject(fault);
  };
  return new WatchedVersion(name, { check } as unknown as ServedModel);
}

async function traffic(weights: Record<string, number>): Promise<Traffic> {
  const shares = Object.entries(weights).map(([name, weight]) => ({
    version: version(name),
    weight,
  }));
  const shared = new Traffic(shares);
  await check(shared);
  return shared;
}

async function check({ shares }: Traffic): Promise<void> {
  for (const share of shares) await share.version.check(CALL).catch(() => undefined);
}

/** Which version each of a hundred requests gets, drawn evenly. */
function picks(shared: Traffic): Record<string, number> {
  const counts: Record<string, number> = {};
  for (let n = 0; n < 100; n++) {
    jest.spyOn(Math, 'random').mockReturnValue((n + 0.5) / 100);
    const { name } = shared.pick();
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

describe('Traffic', () => {
  it('is shared by weight, whatever the weights add up to', async () => {
    expect(picks(await traffic({ stable: 95, canary: 5 }))).toEqual({ stable: 95, canary: 5 });
    expect(picks(await traffic({ stable: 3, canary: 1 }))).toEqual({ stable: 75, canary: 25 });
    expect(picks(await traffic({ stable: 1, canary: 0 }))).toEqual({ stable: 100 });
  });

  it('goes to the others where a version is not fit, and back once it is', async () => {
    const shared = await traffic({ stable: 50, canary: 50 });
    faults['canary'] = new ModelNotFoundError();
    await check(shared);
    expect(picks(shared)).toEqual({ stable: 100 });
    faults = {};
    await check(shared);
    expect(picks(shared)).toEqual({ stable: 50, canary: 50 });
  });

  it('is not taken from a version that only has too much to do', async () => {
    const shared = await traffic({ stable: 50, canary: 50 });
    faults['canary'] = new DeadlineExceededError();
    await check(shared);
    expect(picks(shared)).toEqual({ stable: 50, canary: 50 });
  });

  it('never goes to a version without weight, even if no other is fit', async () => {
    const shared = await traffic({ stable: 1, canary: 0 });
    faults['stable'] = new ModelNotFoundError();
    await check(shared);
    expect(picks(shared)).toEqual({ stable: 100 });
  });
});

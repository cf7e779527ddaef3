import { setTimeout as sleep } from 'node:timers/promises';
import { jest } from '@jest/globals';
import { createLogger } from '#logging';
import { DeadlineExceededError, ModelUnavailableError, OverloadedError } from '#serving-client';
import { ModelCatalog } from './model-catalog.js';
import { ModelMonitor } from './model-monitor.js';
import type { CatalogModel, CheckedVersions } from './catalog-model.js';

const found = (version: string): CheckedVersions => ({ versions: [version], failures: new Map() });

describe('a model that was found fit', () => {
  let fault: Error | undefined;
  let checks: number;
  let monitor: ModelMonitor;

  const check = (): Promise<CheckedVersions> => {
    checks++;
    return fault === undefined ? Promise.resolve(found('1')) : Promise.reject(fault);
  };
  const model = { spec: { name: 'm' }, check } as unknown as CatalogModel;
  const catalog = new ModelCatalog([model], 'm');

  beforeEach(async () => {
    fault = undefined;
    checks = 0;
    monitor = new ModelMonitor(
      catalog,
      await createLogger({ name: 'test', level: 'silent', format: 'json' }),
    );
    await monitor.ready;
    // The faults of a start are not told for some seconds.
    jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 10_000);
  });

  afterEach(async () => {
    await monitor.stop();
    jest.restoreAllMocks();
  });

  async function afterAnotherCheck(): Promise<boolean> {
    const before = checks;
    while (checks < before + 2) await sleep(10);
    return monitor.stateOf(model).ready;
  }

  it.each([
    ['does not answer in time', new DeadlineExceededError()],
    ['has too much to do', new OverloadedError()],
  ])('stays ready for a while where it %s, not for good', async (_name, busy) => {
    fault = busy;
    expect(await afterAnotherCheck()).toBe(true);
    jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 31_000);
    expect(await afterAnotherCheck()).toBe(false);
    fault = undefined;
    expect(await afterAnotherCheck()).toBe(true);
  });

  it('is unready at once where its server is gone', async () => {
    fault = new ModelUnavailableError();
    expect(await afterAnotherCheck()).toBe(false);
  });
});

describe('a model of a changed spec', () => {
  it('takes the place of the one before only once it is found fit', async () => {
    let fit = false;
    const named = (check: () => Promise<CheckedVersions>) =>
      ({ spec: { name: 'm' }, check }) as unknown as CatalogModel;
    let checksBefore = 0;
    const before = named(() => {
      checksBefore++;
      return Promise.resolve(found('1'));
    });
    const changed = named(() =>
      fit ? Promise.resolve(found('2')) : Promise.reject(new ModelUnavailableError()),
    );
    const catalog = new ModelCatalog([before], 'm');
    const logger = await createLogger({ name: 'test', level: 'silent', format: 'json' });
    const monitor = new ModelMonitor(catalog, logger);
    await monitor.ready;

    catalog.candidates.set('m', changed);
    monitor.watch(changed);
    await sleep(500);
    expect(catalog.defaultModel).toBe(before);
    fit = true;
    while (catalog.defaultModel !== changed) await sleep(10);
    expect(monitor.stateOf(changed)).toEqual({ ready: true, versions: ['2'], faults: [] });
    expect(catalog.candidates.size).toBe(0);

    // Nobody asks for the one before any more, so nobody checks it.
    const checksThen = checksBefore;
    await sleep(2500);
    expect(checksBefore).toBe(checksThen);
    await monitor.stop();
  });
});

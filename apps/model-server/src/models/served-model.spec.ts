import { appendFileSync, copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createLogger } from '#logging';
import { ModelFolder } from '../../test-fixtures/model-folder.js';
import { ServedModel } from './served-model.js';
import { listVersionFolders } from './version-folders.js';

const FIXTURES = join(import.meta.dirname, '../../test-fixtures');

let models: ModelFolder;
let model: ServedModel;

beforeEach(async () => {
  models = new ModelFolder();
  mkdirSync(models.versionPath('half', 1), { recursive: true });
  const logger = await createLogger({ name: 'test', level: 'silent', format: 'json' });
  model = new ServedModel(
    'half',
    {
      threads: 1,
      maxBatchSize: 1,
      batchTimeoutMs: 0,
      maxQueuedRows: 1,
      // Too long for files of this test to count as settled by their age.
      settleMs: 3_600_000,
    },
    logger,
  );
});

afterEach(async () => {
  await model.close();
  models.delete();
});

/** One look at the folder, and the state of version 1 after it. */
async function look() {
  const folders = await listVersionFolders(models.path);
  await model.reconcile(folders.get('half') ?? []);
  return model.statuses.get(1n);
}

describe('a version that is being copied', () => {
  it('is loaded only once two looks have found the same files', async () => {
    const path = models.versionPath('half', 1);
    expect(await look()).toBe('START');
    appendFileSync(join(path, 'model.onnx'), 'the first half');
    expect(await look()).toBe('START');
    appendFileSync(join(path, 'model.onnx'), 'and the second');
    expect(await look()).toBe('START');
    copyFileSync(join(FIXTURES, 'half_plus_two.onnx'), join(path, 'model.onnx'));
    expect(await look()).toBe('START');
    appendFileSync(join(path, 'labels.txt'), 'a file more');
    expect(await look()).toBe('START');
    expect(model.decided).toBe(false);
    expect(await look()).toBe('AVAILABLE');
    expect(model.available!.version).toBe(1n);
  });

  it('is forgotten when it is taken away before', async () => {
    expect(await look()).toBe('START');
    models.remove('half', 1);
    expect(await look()).toBeUndefined();
  });
});

describe('a version that failed', () => {
  it('is not tried again as long as its files are the same', async () => {
    const path = models.versionPath('half', 1);
    await look();
    expect(await look()).toBe('END');
    expect(model.statuses.list()[0]!.status!.errorMessage).toBe('model.onnx is missing');
    expect(model.decided).toBe(true);
    expect(await look()).toBe('END');
    copyFileSync(join(FIXTURES, 'half_plus_two.onnx'), join(path, 'model.onnx'));
    expect(await look()).toBe('START');
    expect(await look()).toBe('AVAILABLE');
    expect(model.statuses.list()[0]!.status!.errorMessage).toBe('');
  });
});

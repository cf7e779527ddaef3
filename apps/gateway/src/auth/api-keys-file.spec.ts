import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { eventually } from '../../../../test/support/eventually.js';
import { ApiKeys, parseApiKeys } from './api-keys.js';
import { ApiKeysFile } from './api-keys-file.js';

const A = 'key-a-0123456789';
const B = 'key-b-0123456789';

let folder: string;
let file: ApiKeysFile;
let keys: ApiKeys;
let log: string[];
let generation = 0;

/** As the kubelet renews a mounted Secret: `api-keys` stays the link `..data/api-keys`. */
function mount(content: string): void {
  const name = `..generation-${++generation}`;
  mkdirSync(join(folder, name));
  writeFileSync(join(folder, name, 'api-keys'), content);
  symlinkSync(name, join(folder, '..data_tmp'));
  renameSync(join(folder, '..data_tmp'), join(folder, '..data'));
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'secrets-'));
  mount(A);
  symlinkSync(join('..data', 'api-keys'), join(folder, 'api-keys'));
  keys = new ApiKeys(parseApiKeys(A));
  // A look that outlives its test finds its file gone, and must not tell the next test of it.
  const own: string[] = [];
  log = own;
  const logger = pino({}, { write: (line) => own.push(line) });
  file = new ApiKeysFile(join(folder, 'api-keys'), keys, logger, 10);
});

afterEach(() => {
  file.stop();
  rmSync(folder, { recursive: true });
});

const accepted = () => Promise.resolve([A, B].map((key) => keys.find(key) !== undefined).join());
const logged = () => Promise.resolve(log.join(''));

describe('ApiKeysFile', () => {
  it('takes other keys over when the link is swapped, and logs how many', async () => {
    mount(`${B}\n`);
    await eventually(accepted, (them) => them === 'false,true');
    expect(JSON.parse(log[0]!)).toMatchObject({ msg: 'API keys changed', count: 1 });
  });

  it.each([
    [
      'is empty',
      () => {
        mount('');
      },
      'at least one key',
    ],
    [
      'has a key that is too short',
      () => {
        mount(`${B},${B.slice(1)}`);
      },
      'as key 2',
    ],
    [
      'is gone',
      () => {
        rmSync(join(folder, '..data'));
      },
      'a readable file',
    ],
  ])('keeps the old keys while the file %s, and says so once', async (_name, spoil, words) => {
    spoil();
    await eventually(logged, (lines) => lines.includes(words));
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await accepted()).toBe('true,false');
    expect(log).toHaveLength(1);

    rmSync(join(folder, '..data'), { force: true });
    mount(B);
    await eventually(accepted, (them) => them === 'false,true');
    expect(await logged()).not.toContain('0123456789');
  });
});

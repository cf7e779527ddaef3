import { join } from 'node:path';
import { pino } from 'pino';
import { ConfigMapMount } from '../../../../test/support/config-map.js';
import { eventually } from '../../../../test/support/eventually.js';
import { ApiKeys, parseApiKeys } from './api-keys.js';
import { ApiKeysFile } from './api-keys-file.js';

const A = 'key-a-0123456789';
const B = 'key-b-0123456789';

let secret: ConfigMapMount;
let file: ApiKeysFile;
let keys: ApiKeys;
let log: string[];

const mount = (content: string): void => {
  secret.update({ 'api-keys': content });
};

beforeEach(() => {
  secret = new ConfigMapMount({ 'api-keys': A });
  keys = new ApiKeys(parseApiKeys(A));
  // A look that outlives its test finds its file gone, and must not tell the next test of it.
  const own: string[] = [];
  log = own;
  const logger = pino({}, { write: (line) => own.push(line) });
  file = new ApiKeysFile(join(secret.path, 'api-keys'), keys, logger, 10);
});

afterEach(() => {
  file.stop();
  secret.delete();
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
        secret.break();
      },
      'a readable file',
    ],
  ])('keeps the old keys while the file %s, and says so once', async (_name, spoil, words) => {
    spoil();
    await eventually(logged, (lines) => lines.includes(words));
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await accepted()).toBe('true,false');
    expect(log).toHaveLength(1);

    mount(B);
    await eventually(accepted, (them) => them === 'false,true');
    expect(await logged()).not.toContain('0123456789');
  });
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ConfigError,
  Env,
  EnvBoolean,
  EnvChoice,
  EnvInteger,
  EnvText,
  loadConfig,
} from './index.js';

class Example {
  @EnvInteger(0, 65535) readonly PORT: number = 9696;
  @EnvBoolean() readonly VERIFY: boolean = false;
  @EnvChoice('json', 'pretty') readonly FORMAT: string = 'json';
  @EnvText(/^[^\s]+$/, 'a name without spaces') readonly NAME: string | undefined = undefined;
  @Env(
    (text) => {
      if (text.length < 8) throw new Error('a key of at least 8 characters');
      return text;
    },
    { secret: true },
  )
  readonly KEY: string | undefined = undefined;
}

function faultsOf(environment: Record<string, string>): readonly string[] {
  try {
    loadConfig(Example, environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
  }
  return [];
}

describe('loadConfig', () => {
  it('gives the defaults where nothing is set', () => {
    expect(Object.assign({}, loadConfig(Example, {}))).toEqual({
      PORT: 9696,
      VERIFY: false,
      FORMAT: 'json',
      NAME: undefined,
      KEY: undefined,
    });
  });

  it('takes an empty string as unset', () => {
    expect(loadConfig(Example, { PORT: '', FORMAT: '' }).PORT).toBe(9696);
  });

  it('reads "false" as false', () => {
    expect(loadConfig(Example, { VERIFY: 'false' }).VERIFY).toBe(false);
    expect(loadConfig(Example, { VERIFY: 'true' }).VERIFY).toBe(true);
  });

  it('names every fault at once, with what was expected', () => {
    expect(faultsOf({ PORT: '70000', FORMAT: 'xml', VERIFY: '1', NAME: 'a b' })).toEqual([
      'PORT: expected an integer from 0 to 65535 but received "70000"',
      'VERIFY: expected true or false but received "1"',
      'FORMAT: expected one of json, pretty but received "xml"',
      'NAME: expected a name without spaces but received "a b"',
    ]);
  });

  it.each(['-1', '1.5', '0x10', '1e3', ' 80', 'NaN', '99999999999999999999'])(
    'refuses %s as an integer',
    (text) => {
      expect(faultsOf({ PORT: text })).toHaveLength(1);
    },
  );

  it('never repeats a secret in a report', () => {
    expect(faultsOf({ KEY: 'hunter2' }).join()).not.toContain('hunter2');
    expect(faultsOf({ KEY: 'hunter2' })).toHaveLength(1);
  });

  it('freezes what it returns', () => {
    expect(Object.isFrozen(loadConfig(Example, {}))).toBe(true);
  });

  describe('with a mounted file', () => {
    let folder: string;
    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), 'config-'));
      writeFileSync(join(folder, 'key'), 'a-long-secret\n');
    });
    afterAll(() => {
      rmSync(folder, { recursive: true });
    });

    it('reads NAME_FILE less its trailing newline', () => {
      expect(loadConfig(Example, { KEY_FILE: join(folder, 'key') }).KEY).toBe('a-long-secret');
    });

    it('reports a file that cannot be read', () => {
      expect(faultsOf({ KEY_FILE: join(folder, 'absent') })).toEqual([
        'KEY_FILE: expected a readable file',
      ]);
    });

    it.each(['', '\n'])('refuses a file that is empty (%j)', (content) => {
      writeFileSync(join(folder, 'empty'), content);
      expect(faultsOf({ KEY_FILE: join(folder, 'empty') })).toEqual([
        'KEY_FILE: expected a file that is not empty',
      ]);
    });

    it('refuses both the value and the file', () => {
      expect(faultsOf({ KEY: 'a-long-secret', KEY_FILE: join(folder, 'key') })).toHaveLength(1);
    });
  });
});

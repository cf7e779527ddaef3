import { ApiKeys, parseApiKeys } from './api-keys.js';

const A = 'key-a-0123456789';
const B = 'key-b-0123456789!~';
const C = 'key-c-0123456789';

const acceptedOf = (keys: ApiKeys): boolean[] =>
  [A, B, C].map((key) => keys.find(key) !== undefined);

describe('parseApiKeys', () => {
  it.each([
    ['commas', `${A},${B}`],
    ['lines', `${A}\n${B}\n`],
    ['lines of Windows', `${A}\r\n${B}\r\n`],
    ['both, with spaces and empty ones', ` ${A} ,\n, ${B}\n\n`],
  ])('takes keys apart by %s', (_name, text) => {
    const keys = new ApiKeys(parseApiKeys(text));
    expect(keys.count).toBe(2);
    expect(acceptedOf(keys)).toEqual([true, true, false]);
  });

  it.each([
    ['nothing', '', /at least one key/],
    ['only separators', ' ,\n', /at least one key/],
    ['a key of 15 characters', `${A},012345678901234`, /16 or more.* as key 2/],
    ['a key with a space', `${A} ${B}`, /without spaces as key 1/],
    ['a key with a letter that no header carries', `${A}é`, /ASCII.* as key 1/],
    ['a key with a control character', `${A}\u0007`, /printable.* as key 1/],
  ])('refuses %s, and shows no key', (_name, text, words) => {
    expect(() => parseApiKeys(text)).toThrow(words);
    expect(() => parseApiKeys(text)).not.toThrow(/0123456789/);
  });
});

describe('ApiKeys', () => {
  it.each([
    ['nothing', ''],
    ['a key less its end', A.slice(0, -1)],
    ['a key and more', `${A}0`],
  ])('does not accept %s', (_name, key) => {
    expect(new ApiKeys(parseApiKeys(A)).find(key)).toBeUndefined();
  });

  it('accepts the new keys alone once they are replaced, and tells whether they are others', () => {
    const keys = new ApiKeys(parseApiKeys(A));
    expect(keys.replace(parseApiKeys(A))).toBe(false);
    expect(keys.replace(parseApiKeys(`${B},${C}`))).toBe(true);
    expect(acceptedOf(keys)).toEqual([false, true, true]);
  });
});

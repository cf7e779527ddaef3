import { parseJson } from './json-body.js';

const parse = (text: string): unknown => parseJson(Buffer.from(text));

describe('parseJson', () => {
  it.each([
    { images: [{ url: 'https://example.com/a.jpg?q="x"' }] },
    ['\\', '\\"', 'ü', '', '[[[[', '}{'],
    { deep: [[[[[[[[1]]]]]]]] },
    12,
    null,
  ])('reads %j', (value) => {
    expect(parse(JSON.stringify(value))).toEqual(value);
    expect(parse(JSON.stringify(value, undefined, 2))).toEqual(value);
  });

  it('reads a string of any length as one value', () => {
    const text = 'A'.repeat(10_000_000);
    expect(parse(`{"image":"${text}"}`)).toEqual({ image: text });
  });

  it('keeps a name that objects have by themselves as a name like others', () => {
    expect(Object.keys(parse('{"__proto__": {"url": "x"}}') as object)).toEqual(['__proto__']);
  });

  it.each([
    ['nothing', ''],
    ['what is cut short', '{"images": ["abc'],
    ['what ends in an escape', '"\\'],
    ['bare words', 'NaN'],
  ])('refuses %s', (_name, text) => {
    expect(() => parse(text)).toThrow('could not be read');
  });

  const MANY = 1_000_000;
  it.each([
    ['nested 65 deep', '['.repeat(65) + ']'.repeat(65)],
    ['nested deeply', '['.repeat(MANY) + ']'.repeat(MANY)],
    ['of many lists', `[${'[],'.repeat(MANY)}[]]`],
    ['of many objects', `{"instances":[${'{},'.repeat(MANY)}{}]}`],
    ['of many numbers', `[${'0,'.repeat(MANY)}0]`],
    ['of many names', `{${'"":0,'.repeat(MANY)}"":0}`],
    ['of many escaped quotes', `"${'\\"'.repeat(MANY)}"`],
    ['of spaces', ' '.repeat(2 * MANY)],
    ['of one long number', '1'.repeat(2 * MANY)],
  ])('refuses JSON %s before it is parsed', (_name, text) => {
    expect(() => parse(text)).toThrow('Expected JSON of at most');
  });
});

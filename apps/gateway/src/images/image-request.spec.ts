import { parseImageRequest } from './image-request.js';

describe('parseImageRequest', () => {
  it.each([{ url: 'https://example.com' }, { image: 'AAAA' }])('takes %j', (body) => {
    expect(parseImageRequest(body)).toEqual(body);
  });

  it.each([
    ['nothing', undefined, 'JSON object'],
    ['null', null, 'JSON object'],
    ['a list', [{ url: 'x' }], 'JSON object'],
    ['a text', 'x', 'JSON object'],
    ['no field', {}, 'exactly one'],
    ['both fields', { url: 'x', image: 'y' }, 'exactly one'],
    ['another field', { link: 'x' }, '"url" or "image"'],
    ['a number', { url: 1 }, '"url" to be a string'],
    ['null in a field', { image: null }, '"image" to be a string'],
  ])('refuses %s and says what was expected', (_name, body, words) => {
    expect(() => parseImageRequest(body)).toThrow(words);
  });
});

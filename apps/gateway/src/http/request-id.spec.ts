import { requestIdOf } from './request-id.js';

const UUID = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/;

describe('requestIdOf', () => {
  it("keeps the caller's id", () => {
    expect(requestIdOf({ headers: { 'x-request-id': 'Az09._-' } })).toBe('Az09._-');
  });

  it.each([
    ['absent', undefined],
    ['empty', ''],
    ['too long', 'a'.repeat(129)],
    ['more than a word', 'a b'],
    ['a header injection', 'a\r\nset-cookie: x'],
  ])('makes a new id where it is %s', (_name, id) => {
    expect(requestIdOf({ headers: { 'x-request-id': id } })).toMatch(UUID);
  });
});

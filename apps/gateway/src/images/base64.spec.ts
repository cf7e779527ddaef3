import { DomainError } from '#errors';
import { decodeBase64 } from './base64.js';

const BYTES = [0xff, 0xfe, 0xfd, 0x00, 0x10];
const TEXT = Buffer.from(BYTES).toString('base64');

describe('decodeBase64', () => {
  it.each([
    ['plain', TEXT],
    ['without padding', TEXT.replaceAll('=', '')],
    ['URL-safe', TEXT.replaceAll('/', '_').replaceAll('+', '-')],
    ['broken into lines', `${TEXT.slice(0, 4)}\r\n${TEXT.slice(4)}\n`],
    ['a data: URI', `data:image/png;base64,${TEXT}`],
    ['a data: URI with parameters', `data:image/png;charset=x;BASE64,${TEXT}`],
    ['a data: URI without a type', `data:;base64,${TEXT}`],
  ])('reads base64 that is %s', (_name, text) => {
    expect([...decodeBase64(text, 100)]).toEqual(BYTES);
  });

  it.each([
    ['another alphabet', 'abc$'],
    ['padding in the middle', 'ab==cd'],
    ['a data: URI that is not base64', 'data:image/svg+xml,%3Csvg/%3E'],
    ['a link', 'https://example.com/a.jpg'],
  ])('refuses %s', (_name, text) => {
    expect(codeOf(() => decodeBase64(text, 100))).toBe('INVALID_REQUEST');
  });

  it('refuses more bytes than allowed', () => {
    expect(codeOf(() => decodeBase64(TEXT, 4))).toBe('IMAGE_TOO_LARGE');
  });
});

function codeOf(act: () => unknown): string | undefined {
  try {
    act();
  } catch (error) {
    if (error instanceof DomainError) return error.code;
  }
  return undefined;
}

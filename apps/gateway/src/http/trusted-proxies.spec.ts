import { parseTrustedProxies } from './trusted-proxies.js';

describe('parseTrustedProxies', () => {
  it.each([
    ['10.42.0.0/19', '10.42.31.255', true],
    ['10.42.0.0/19', '10.42.32.0', false],
    ['10.42.0.0/19', '::ffff:10.42.0.1', true],
    ['10.42.0.0/19', '10.42.0.1:443', true],
    ['192.0.2.7', '192.0.2.7', true],
    ['192.0.2.7', '192.0.2.8', false],
    ['10.0.0.0/8, fd00::/8', 'fd12::1', true],
    ['fd00::/8', '10.0.0.1', false],
    ['10.0.0.0/8', 'unknown', false],
    ['', '127.0.0.1', false],
  ])('"%s" covers %s: %s', (text, address, covered) => {
    const proxies = parseTrustedProxies(text);
    expect(proxies.includes(address)).toBe(covered);
    expect(proxies.isEmpty).toBe(text === '');
  });

  it('does not cover a socket without an address', () => {
    expect(parseTrustedProxies('0.0.0.0/0').includes(undefined)).toBe(false);
  });

  it.each(['loopback', '10.0.0.0/33', '10.0.0.1/8', 'proxy.example.com', '10.0.0.0/8;10.1.0.0/8'])(
    'refuses %s',
    (text) => {
      expect(() => parseTrustedProxies(`192.0.2.1, ${text}`)).toThrow(
        `CIDR blocks and addresses (neither: ${text})`,
      );
    },
  );
});

import { clientOfAddress } from './client-address.js';

describe('clientOfAddress', () => {
  it.each([
    ['IPv4', '192.0.2.1', '192.0.2.1'],
    ['IPv4 of a dual-stack socket', '::ffff:192.0.2.1', '192.0.2.1'],
    ['IPv4 with a port', '192.0.2.1:50123', '192.0.2.1'],
    ['IPv6', '2001:db8:1:2::1', '2001:db8:1:2:ffff::2'],
    ['IPv6 in other words', '2001:0DB8:0001:0002::1', '2001:db8:1:2::9'],
    ['IPv6 in brackets', '[2001:db8:1:2::1]', '2001:db8:1:2::9'],
    ['IPv6 with a port', '[2001:db8:1:2::1]:50123', '2001:db8:1:2::9'],
    ['IPv6 with a zone', 'fe80::1%eth0', 'fe80::2'],
    ['what is no address', 'unknown', '<script>'],
    ['a socket that is gone', undefined, 'x'],
  ])('takes %s (%s) for the same as %s', (_name, one, other) => {
    expect(clientOfAddress(one)).toBe(clientOfAddress(other));
  });

  it.each([
    ['two of IPv4', '192.0.2.1', '192.0.2.2'],
    ['two /64 of IPv6', '2001:db8:1:2::1', '2001:db8:1:3::1'],
    ['IPv4-mapped ones', '::ffff:192.0.2.1', '::ffff:192.0.2.2'],
    ['an address and none', '192.0.2.1', 'unknown'],
  ])('tells %s apart', (_name, one, other) => {
    expect(clientOfAddress(one)).not.toBe(clientOfAddress(other));
  });
});

import { isPublicAddress } from './public-address.js';

/** Each block at both edges, and its public neighbours where it has any. */
const BLOCKS: { name: string; first: string; last: string; before?: string; after?: string }[] = [
  { name: '"this network"', first: '0.0.0.0', last: '0.255.255.255', after: '1.0.0.0' },
  {
    name: 'private 10/8',
    first: '10.0.0.0',
    last: '10.255.255.255',
    before: '9.255.255.255',
    after: '11.0.0.0',
  },
  {
    name: 'carrier-grade NAT',
    first: '100.64.0.0',
    last: '100.127.255.255',
    before: '100.63.255.255',
    after: '100.128.0.0',
  },
  {
    name: 'loopback',
    first: '127.0.0.0',
    last: '127.255.255.255',
    before: '126.255.255.255',
    after: '128.0.0.0',
  },
  {
    name: "Azure's platform",
    first: '168.63.129.16',
    last: '168.63.129.16',
    before: '168.63.129.15',
    after: '168.63.129.17',
  },
  {
    name: 'link-local',
    first: '169.254.0.0',
    last: '169.254.255.255',
    before: '169.253.255.255',
    after: '169.255.0.0',
  },
  {
    name: 'private 172.16/12',
    first: '172.16.0.0',
    last: '172.31.255.255',
    before: '172.15.255.255',
    after: '172.32.0.0',
  },
  {
    name: 'IETF assignments',
    first: '192.0.0.0',
    last: '192.0.0.255',
    before: '191.255.255.255',
    after: '192.0.1.0',
  },
  {
    name: 'TEST-NET-1',
    first: '192.0.2.0',
    last: '192.0.2.255',
    before: '192.0.1.255',
    after: '192.0.3.0',
  },
  {
    name: '6to4 relays',
    first: '192.88.99.0',
    last: '192.88.99.255',
    before: '192.88.98.255',
    after: '192.88.100.0',
  },
  {
    name: 'private 192.168/16',
    first: '192.168.0.0',
    last: '192.168.255.255',
    before: '192.167.255.255',
    after: '192.169.0.0',
  },
  {
    name: 'benchmarking',
    first: '198.18.0.0',
    last: '198.19.255.255',
    before: '198.17.255.255',
    after: '198.20.0.0',
  },
  {
    name: 'TEST-NET-2',
    first: '198.51.100.0',
    last: '198.51.100.255',
    before: '198.51.99.255',
    after: '198.51.101.0',
  },
  {
    name: 'TEST-NET-3',
    first: '203.0.113.0',
    last: '203.0.113.255',
    before: '203.0.112.255',
    after: '203.0.114.0',
  },
  { name: 'multicast', first: '224.0.0.0', last: '239.255.255.255', before: '223.255.255.255' },
  { name: 'reserved and broadcast', first: '240.0.0.0', last: '255.255.255.255' },
  {
    name: 'all below 2000::/3',
    first: '::',
    last: '1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
    after: '2000::',
  },
  {
    name: 'IPv6 IETF assignments',
    first: '2001::',
    last: '2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff',
    before: '2000:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
    after: '2001:200::',
  },
  {
    name: 'IPv6 documentation',
    first: '2001:db8::',
    last: '2001:db8:ffff:ffff:ffff:ffff:ffff:ffff',
    before: '2001:db7:ffff:ffff:ffff:ffff:ffff:ffff',
    after: '2001:db9::',
  },
  {
    name: '6to4',
    first: '2002::',
    last: '2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
    before: '2001:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
    after: '2003::',
  },
  {
    name: 'newer IPv6 documentation',
    first: '3fff::',
    last: '3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff',
    before: '3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
    after: '3fff:1000::',
  },
  {
    name: 'all above 2000::/3',
    first: '4000::',
    last: 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
    before: '3fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
  },
];

/** Addresses inside those blocks whose names people look for. */
const NOT_PUBLIC = [
  { name: 'cloud metadata', ip: '169.254.169.254' },
  { name: "Amazon's IPv6 metadata", ip: 'fd00:ec2::254' },
  { name: "Google's IPv6 metadata", ip: 'fd20:ce::254' },
  { name: "Alibaba's metadata", ip: '100.100.100.200' },
  { name: "Oracle's metadata", ip: '192.0.0.192' },
  { name: 'broadcast', ip: '255.255.255.255' },
  { name: 'IPv6 unspecified', ip: '::' },
  { name: 'IPv6 loopback', ip: '::1' },
  { name: 'IPv6 loopback written out', ip: '0:0:0:0:0:0:0:1' },
  { name: 'IPv4-compatible loopback', ip: '::127.0.0.1' },
  { name: 'IPv4-compatible public', ip: '::8.8.8.8' },
  { name: 'IPv4-mapped loopback', ip: '::ffff:127.0.0.1' },
  { name: 'IPv4-mapped loopback in hex', ip: '::ffff:7f00:1' },
  { name: 'IPv4-mapped private', ip: '::ffff:10.0.0.1' },
  { name: 'IPv4-mapped public', ip: '::ffff:8.8.8.8' },
  { name: 'IPv4-translated private', ip: '::ffff:0:10.0.0.1' },
  { name: 'NAT64 private', ip: '64:ff9b::10.0.0.1' },
  { name: 'NAT64 metadata', ip: '64:ff9b::a9fe:a9fe' },
  { name: 'NAT64 public', ip: '64:ff9b::8.8.8.8' },
  { name: 'local NAT64', ip: '64:ff9b:1::a9fe:a9fe' },
  { name: 'discard-only', ip: '100::1' },
  { name: 'Teredo', ip: '2001:0:4136:e378:8000:63bf:3fff:fdd2' },
  { name: '6to4 of loopback', ip: '2002:7f00:1::' },
  { name: '6to4 of metadata', ip: '2002:a9fe:a9fe::1' },
  { name: '6to4 of a public address', ip: '2002:808:808::1' },
  { name: 'ISATAP of a private address', ip: '2a00:1450::5efe:10.0.0.1' },
  {
    name: 'ISATAP of a loopback address, globally unique bit set',
    ip: '2a00:1450::200:5efe:7f00:1',
  },
  { name: 'SRv6', ip: '5f00::1' },
  { name: 'unique-local', ip: 'fc00::1' },
  { name: 'unique-local fd', ip: 'fd12:3456:789a::1' },
  { name: 'link-local', ip: 'fe80::1' },
  { name: 'link-local with a zone', ip: 'fe80::1%eth0' },
  { name: 'global with a zone', ip: '2a00:1450::1%eth0' },
  { name: 'site-local', ip: 'fec0::1' },
  { name: 'IPv6 multicast', ip: 'ff02::1' },
  { name: 'a name', ip: 'example.com' },
  { name: 'nothing', ip: '' },
  { name: 'a short form', ip: '127.1' },
  { name: 'octal', ip: '0177.0.0.1' },
  { name: 'octal of a public-looking number', ip: '010.8.8.8' },
  { name: 'a number', ip: '2130706433' },
  { name: 'hex', ip: '0x7f000001' },
  { name: 'brackets', ip: '[::1]' },
  { name: 'a trailing dot', ip: '8.8.8.8.' },
  { name: 'white space', ip: ' 8.8.8.8' },
  { name: 'full-width digits', ip: '８.8.8.8' },
];

const PUBLIC = [
  '8.8.8.8',
  '1.1.1.1',
  '93.184.216.34',
  '192.0.1.1',
  '2606:4700:4700::1111',
  '2001:4860:4860::8888',
  '2A00:1450:4001:81B::200E',
  '2a00:1450::5efe:8.8.8.8',
  '2a00:1450::100:5efe:10.0.0.1',
];

describe('isPublicAddress', () => {
  it.each(BLOCKS)('refuses $name from $first to $last', ({ first, last }) => {
    expect([first, last].filter(isPublicAddress)).toEqual([]);
  });

  it.each(BLOCKS)('takes the neighbours of $name for public', ({ before, after }) => {
    const neighbours = [before, after].filter((ip) => ip !== undefined);
    expect(neighbours.filter(isPublicAddress)).toEqual(neighbours);
  });

  it.each(NOT_PUBLIC)('refuses $name: $ip', ({ ip }) => {
    expect(isPublicAddress(ip)).toBe(false);
  });

  it.each(PUBLIC)('takes %s for public', (ip) => {
    expect(isPublicAddress(ip)).toBe(true);
  });
});

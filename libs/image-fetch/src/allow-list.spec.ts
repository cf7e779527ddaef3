import { parseAllowList } from './allow-list.js';

describe('parseAllowList', () => {
  it.each([
    {
      name: 'a CIDR block',
      text: '10.0.0.0/8',
      yes: ['10.1.2.3 80', '10.255.255.255 9000'],
      no: ['11.0.0.0 80'],
    },
    {
      name: 'a block on one port',
      text: '10.0.0.0/8:9000',
      yes: ['10.1.2.3 9000'],
      no: ['10.1.2.3 80'],
    },
    { name: 'an address', text: '127.0.0.1', yes: ['127.0.0.1 1'], no: ['127.0.0.2 1'] },
    {
      name: 'an address on one port',
      text: '127.0.0.1:8080',
      yes: ['127.0.0.1 8080'],
      no: ['127.0.0.1 8081'],
    },
    {
      name: 'an IPv6 address',
      text: '::1',
      yes: ['::1 80', '0:0::1 80'],
      no: ['::2 80', '127.0.0.1 80'],
    },
    { name: 'a bracketed IPv6 address', text: '[::1]', yes: ['::1 80'], no: ['::2 80'] },
    { name: 'an IPv6 address on one port', text: '[::1]:80', yes: ['::1 80'], no: ['::1 81'] },
    { name: 'an IPv6 block', text: 'fd00::/8', yes: ['fd12::1 80'], no: ['fc00::1 80'] },
    {
      name: 'an IPv6 block on one port',
      text: '[fd00::]/8:443',
      yes: ['fd12::1 443'],
      no: ['fd12::1 80'],
    },
    {
      name: 'several entries',
      text: ' 10.0.0.1,\t10.0.0.2\n,,10.0.0.3 ',
      yes: ['10.0.0.1 1', '10.0.0.2 1', '10.0.0.3 1'],
      no: ['10.0.0.4 1'],
    },
    {
      name: 'IPv4 entries, which say nothing of IPv4-mapped addresses',
      text: '127.0.0.0/8',
      yes: ['127.0.0.1 1'],
      no: ['::ffff:127.0.0.1 1'],
    },
    {
      name: 'an empty text, which allows nothing',
      text: ' , ',
      yes: [],
      no: ['127.0.0.1 80', '::1 80'],
    },
    {
      name: 'a block, which no zoned address is in',
      text: 'fe80::/10',
      yes: ['fe80::1 80'],
      no: ['fe80::1%eth0 80'],
    },
  ])('reads $name', ({ text, yes, no }) => {
    const list = parseAllowList(text);
    const allowed = (destination: string): boolean => {
      const [ip, port] = destination.split(' ');
      return list.allowsAddress(ip!, Number(port));
    };
    expect(yes.filter(allowed)).toEqual(yes);
    expect(no.filter(allowed)).toEqual([]);
  });

  it.each([
    {
      name: 'a host name',
      text: 'minio.storage.svc',
      host: 'minio.storage.svc',
      port: 9000,
      allows: true,
    },
    {
      name: 'a name of one label with an underscore',
      text: 'my_minio',
      host: 'my_minio',
      port: 9000,
      allows: true,
    },
    {
      name: 'capitals and a trailing dot',
      text: 'MinIO.Storage.:9000',
      host: 'minio.storage',
      port: 9000,
      allows: true,
    },
    {
      name: 'an international name',
      text: 'bücher.example',
      host: 'xn--bcher-kva.example',
      port: 80,
      allows: true,
    },
    {
      name: 'a name on another port',
      text: 'minio:9000',
      host: 'minio',
      port: 9001,
      allows: false,
    },
    {
      name: 'a name but not those below it',
      text: 'example.com',
      host: 'a.example.com',
      port: 80,
      allows: false,
    },
    {
      name: 'a name but not what ends like it',
      text: 'example.com',
      host: 'notexample.com',
      port: 80,
      allows: false,
    },
  ])('reads $name', ({ text, host, port, allows }) => {
    expect(parseAllowList(text).allowsHost(host, port)).toBe(allows);
  });

  it('says nothing about addresses with a host name', () => {
    expect(parseAllowList('localhost').allowsAddress('127.0.0.1', 80)).toBe(false);
  });

  it('says nothing about names with an address', () => {
    expect(parseAllowList('0.0.0.0/0').allowsHost('0.0.0.0', 80)).toBe(false);
  });

  it('names every bad entry and no good one', () => {
    const bad = [
      '10.0.0.1/8',
      '10.0.0.0/33',
      '127.1',
      '2130706433',
      '0x7f.1',
      '1.2.3.4:0',
      '1.2.3.4:65536',
      'host:',
      'host:http',
      'http://host',
      'host/path',
      '*.example.com',
      '-a.example',
      'a..b',
      'user@host',
      '[::1',
      '[::1]x',
      '[127.0.0.1]:80',
      '::1/129',
      'fe80::1%eth0',
      '::1/8:80',
      'a%2eb',
      '.',
      ':80',
      '/8',
      '1.2.3',
    ];
    const parse = (): unknown => parseAllowList(['10.0.0.0/8', ...bad, 'good.example'].join(','));
    expect(parse).toThrow(`but received ${bad.join(', ')}`);
  });
});

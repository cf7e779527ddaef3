import { inRange, parseAddress, parseRange } from './ip-address.js';

describe('parseAddress', () => {
  it.each([
    { text: '1.2.3.4', hex: '01020304' },
    { text: '255.255.255.255', hex: 'ffffffff' },
    { text: '::', hex: '00000000000000000000000000000000' },
    { text: '::1', hex: '00000000000000000000000000000001' },
    { text: '1::', hex: '00010000000000000000000000000000' },
    { text: '2001:db8::a:0:b', hex: '20010db8000000000000000a0000000b' },
    { text: '1:2:3:4:5:6:7:8', hex: '00010002000300040005000600070008' },
    { text: '1:2:3:4:5:6:7::', hex: '00010002000300040005000600070000' },
    { text: '::ffff:192.168.1.255', hex: '00000000000000000000ffffc0a801ff' },
    { text: '64:ff9b::10.0.0.1', hex: '0064ff9b00000000000000000a000001' },
    { text: '1:2:3:4:5:6:7.8.9.10', hex: '0001000200030004000500060708090a' },
    { text: 'FD00::ABCD', hex: 'fd00000000000000000000000000abcd' },
  ])('reads $text', ({ text, hex }) => {
    expect(Buffer.from(parseAddress(text)!).toString('hex')).toBe(hex);
  });

  it.each([
    '',
    '1.2.3',
    '1.2.3.256',
    '01.2.3.4',
    '0x1.2.3.4',
    '1.2.3.4.',
    '1.2.3.4 ',
    'a',
    ':::',
    '1::2::3',
    '[::1]',
    'fe80::1%eth0',
    '::1%0',
    '12345::',
    '1:2:3:4:5:6:7',
    '::1.2.3',
  ])('takes "%s" for no address', (text) => {
    expect(parseAddress(text)).toBeUndefined();
  });
});

describe('parseRange', () => {
  it.each([
    '10.0.0.0/33',
    '10.0.0.1/8',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    '10.0.0.0/-1',
    '10.0.0.0/1e1',
    'fd00::/129',
    'fd00::1/8',
    'name/8',
    '/8',
  ])('takes "%s" for no range', (text) => {
    expect(parseRange(text)).toBeUndefined();
  });

  it.each([
    { range: '0.0.0.0/0', inside: ['0.0.0.0', '255.255.255.255'], outside: ['::'] },
    { range: '10.1.2.3', inside: ['10.1.2.3'], outside: ['10.1.2.2', '10.1.2.4'] },
    {
      range: '172.16.0.0/12',
      inside: ['172.16.0.0', '172.31.255.255'],
      outside: ['172.15.255.255', '172.32.0.0'],
    },
    { range: '1.2.3.4/31', inside: ['1.2.3.4', '1.2.3.5'], outside: ['1.2.3.3', '1.2.3.6'] },
    { range: '::/0', inside: ['::', 'ffff::'], outside: ['0.0.0.0'] },
    { range: 'fd00::/9', inside: ['fd00::', 'fd7f:ffff::'], outside: ['fd80::', 'fc00::'] },
  ])('$range holds its first and last address and none beside', ({ range, inside, outside }) => {
    const holds = (text: string): boolean => inRange(parseAddress(text)!, parseRange(range)!);
    expect(inside.filter(holds)).toEqual(inside);
    expect(outside.filter(holds)).toEqual([]);
  });
});

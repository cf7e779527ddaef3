import { ForbiddenLinkError, ImageSourceFailedError, InvalidLinkError } from './errors.js';
import { MAX_LINK_LENGTH, parseLink, parseLocation } from './link.js';

describe('parseLink', () => {
  it.each([
    { text: 'http://Example.COM/a', host: 'example.com', port: 80, secure: false },
    { text: 'https://example.com./a', host: 'example.com', port: 443, secure: true },
    { text: 'https://example.com:8443', host: 'example.com', port: 8443, secure: true },
    { text: ' \thttp://example.com\n', host: 'example.com', port: 80, secure: false },
    { text: 'http:\\\\example.com\\@10.0.0.1', host: 'example.com', port: 80, secure: false },
    { text: 'http://bücher.example/', host: 'xn--bcher-kva.example', port: 80, secure: false },
  ])('reads $text', ({ text, ...expected }) => {
    expect(parseLink(text)).toMatchObject({ ...expected, isAddress: false });
  });

  it.each([
    { text: 'http://[::1]:81/', host: '::1', port: 81 },
    { text: 'http://[::ffff:127.0.0.1]/', host: '::ffff:7f00:1', port: 80 },
    { text: 'http://0x7f.1/', host: '127.0.0.1', port: 80 },
    { text: 'http://2130706433/', host: '127.0.0.1', port: 80 },
    { text: 'http://0177.0.0.1/', host: '127.0.0.1', port: 80 },
    { text: 'http://127.0.0.1./', host: '127.0.0.1', port: 80 },
    { text: 'http://１２７。０。０。１/', host: '127.0.0.1', port: 80 },
    { text: 'http://%31%32%37.0.0.1/', host: '127.0.0.1', port: 80 },
  ])('sees an address in $text', ({ text, ...expected }) => {
    expect(parseLink(text)).toMatchObject({ ...expected, isAddress: true });
  });

  it.each([
    { name: 'no text', text: '' },
    { name: 'a path', text: '/images/1.png' },
    { name: 'a name', text: 'example.com/1.png' },
    { name: 'no host', text: 'http://' },
    { name: 'a host that is one dot', text: 'http://./' },
    { name: 'a port out of range', text: 'http://example.com:65536/' },
    { name: 'a bad IPv4 number', text: 'http://1.2.3.256/' },
    { name: 'an IPv6 zone id', text: 'http://[fe80::1%25eth0]/' },
    { name: 'a space in the host', text: 'http://exa mple.com/' },
    { name: 'a user name', text: 'http://user@example.com/' },
    { name: 'a user name and a password', text: 'http://user:secret@example.com/' },
    { name: 'a password alone', text: 'http://:secret@example.com/' },
    { name: 'too many characters', text: `http://example.com/${'a'.repeat(MAX_LINK_LENGTH)}` },
  ])('takes a link with $name for invalid', ({ text }) => {
    expect(() => parseLink(text)).toThrow(InvalidLinkError);
  });

  it.each([
    'file:///etc/passwd',
    'data:image/png;base64,AAAA',
    'ftp://example.com/a',
    'gopher://example.com',
    'blob:http://example.com/1',
    'javascript:1',
    'mailto:a@example.com',
    'ws://example.com',
    'HTTPX://example.com',
    'localhost:80',
  ])('forbids the scheme of %s', (text) => {
    expect(() => parseLink(text)).toThrow(ForbiddenLinkError);
  });
});

describe('parseLocation', () => {
  const base = new URL('https://example.com:8443/a/b?c=d');

  it.each([
    { location: '/x', href: 'https://example.com:8443/x' },
    { location: 'x?y', href: 'https://example.com:8443/a/x?y' },
    { location: '?y', href: 'https://example.com:8443/a/b?y' },
    { location: '//other.example/x', href: 'https://other.example/x' },
    { location: 'http://other.example/x', href: 'http://other.example/x' },
    { location: '', href: 'https://example.com:8443/a/b?c=d' },
    {
      location: Buffer.from('/bücher').toString('latin1'),
      href: 'https://example.com:8443/b%C3%BCcher',
    },
  ])('resolves "$location"', ({ location, href }) => {
    expect(parseLocation(location, base, 302).url.href).toBe(href);
  });

  it.each([
    { name: 'none', location: undefined },
    { name: 'one without a host', location: 'http://' },
    { name: 'one whose host is a dot', location: 'http://./' },
    { name: 'one with a password', location: 'http://user:secret@example.com/' },
    { name: 'one that is too long', location: `/${'a'.repeat(MAX_LINK_LENGTH)}` },
  ])('takes $name for a failure of the origin', ({ location }) => {
    expect(() => parseLocation(location, base, 302)).toThrow(ImageSourceFailedError);
  });

  it.each(['file:///etc/passwd', 'data:,x', 'gopher://example.com'])('forbids %s', (location) => {
    expect(() => parseLocation(location, base, 302)).toThrow(ForbiddenLinkError);
  });
});

import { mutateBytes } from '../bytes.js';
import type { Random } from '../random.js';

const HEADERS = [
  'Content-Length: 2',
  'Content-Length: 3',
  'Content-Length: 1048576',
  'Content-Length: -1',
  'Content-Length: 99999999999999999999',
  'Transfer-Encoding: chunked',
  'Transfer-Encoding: chunked, chunked',
  'Transfer-Encoding: gzip',
  'Expect: 100-continue',
  'Expect: x',
  'Connection: close',
  'Connection: upgrade',
  'Upgrade: h2c',
  'Content-Type: application/json',
  'Content-Type: image/png',
  'Content-Type: ;;',
  'Content-Encoding: gzip',
  'Host: a',
  'X-Request-Id: a\tb',
  'traceparent: 00-00-00-00',
  'If-None-Match: W/"',
  'Range: bytes=0-',
  `Cookie: ${'c'.repeat(8000)}`,
  `X: ${'h'.repeat(20_000)}`,
];

const BODIES = ['{}', '{"url":', '2\r\n{}\r\n0\r\n\r\n', 'ffffffff\r\n', '0\r\n\r\n', 'zz\r\n', ''];

/** What comes over a connection, HTTP or nearly: heads that contradict their bodies, several requests in a row. */
export function rawRequest(random: Random): Buffer {
  const requests = Array.from({ length: random.pick([1, 1, 1, 2, 5]) }, () => {
    const method = random.pick([
      'POST',
      'GET',
      'HEAD',
      'OPTIONS',
      'PUT',
      'TRACE',
      'CONNECT',
      'PRI',
    ]);
    const path = random.pick([
      '/predict',
      '/predict',
      '/predict/batch',
      '/livez',
      '/',
      '*',
      '/v2/models/nearest/infer',
      'http://a/b',
      '//',
      '/%',
    ]);
    const headers = Array.from({ length: random.below(6) }, () => random.pick(HEADERS));
    return [
      `${method} ${path} HTTP/1.1`,
      'Host: localhost',
      ...headers,
      '',
      random.pick(BODIES),
    ].join('\r\n');
  });
  const bytes = Buffer.from(requests.join(''), 'latin1');
  return random.chance(0.5) ? mutateBytes(bytes, random) : bytes;
}

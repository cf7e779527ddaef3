import { mutateBytes } from '../bytes.js';
import { mutatedPicture } from '../pictures/mutate-picture.js';
import type { Random } from '../random.js';
import type { HttpRequest } from './http-request.js';

const DISPOSITIONS = [
  'form-data; name="image"; filename="a.jpg"',
  'form-data; name="image"',
  'form-data; name="other"; filename="a.jpg"',
  'form-data; filename="a.jpg"',
  'form-data; name="image"; filename*=UTF-8\'\'%ff%00',
  'form-data; name="image"; filename="../../etc/passwd"',
  'attachment',
  '',
];

/** A form whose boundaries, headers or end are not what they should be. */
export function multipartRequest(random: Random): HttpRequest {
  const boundary = random.pick(['b', 'a'.repeat(70), "'()+_,-./:=?", 'x y']);
  const told = random.chance(0.1) ? random.pick(['', 'c', '"', 'b'.repeat(5000)]) : boundary;
  const parts = Array.from({ length: random.pick([0, 1, 1, 1, 1, 2, 3, 50]) }, () =>
    partOf(boundary, random),
  );
  const end = random.pick([
    `--${boundary}--\r\n`,
    `--${boundary}--`,
    `--${boundary}`,
    '',
    '--\r\n',
  ]);
  const body = Buffer.concat([...parts, Buffer.from(end)]);
  const type = random.pick(['multipart/form-data', 'multipart/form-data', 'multipart/mixed']);
  return {
    path: '/predict?model=nearest',
    headers: { 'content-type': `${type}; boundary=${random.chance(0.5) ? told : `"${told}"`}` },
    body: random.chance(0.4) ? mutateBytes(body, random) : body,
  };
}

function partOf(boundary: string, random: Random): Buffer {
  const headers = [
    `Content-Disposition: ${random.pick(DISPOSITIONS)}`,
    random.pick(['Content-Type: image/jpeg', 'Content-Transfer-Encoding: base64', ':', 'X']),
    ...new Array<string>(random.pick([0, 0, 0, 1, 3000])).fill(
      `X-Long: ${'y'.repeat(random.pick([1, 100, 20_000]))}`,
    ),
  ].slice(0, random.pick([1, 2, 2, 40]));
  const newline = random.chance(0.95) ? '\r\n' : '\n';
  return Buffer.concat([
    Buffer.from(`--${boundary}${newline}${headers.join(newline)}${newline}${newline}`),
    random.chance(0.8) ? mutatedPicture(random) : Buffer.alloc(random.pick([0, 1, 1 << 21])),
    Buffer.from(newline),
  ]);
}

import type { Origin } from '../harness/origin.js';
import {
  base64Of,
  linkOf,
  rawOf,
  uploadOf,
  type Expected,
  type Sample,
} from '../harness/samples.js';

const FORBIDDEN: Expected = { status: 400, code: 'URL_FORBIDDEN' };
const INVALID: Expected = { status: 400, code: 'INVALID_REQUEST' };
const UNDECODABLE: Expected = { status: 422, code: 'IMAGE_UNDECODABLE' };
const UNSUPPORTED: Expected = { status: 415, code: 'UNSUPPORTED_IMAGE' };
const TOO_LARGE: Expected = { status: 413, code: 'IMAGE_TOO_LARGE' };
const NO_SOURCE: Expected = { status: 502, code: 'IMAGE_SOURCE_FAILED' };

/** Requests that must be refused, each with the problem that it must be told. */
export function badSamples(
  origin: Origin,
  { truncated, tooLarge }: Readonly<Record<'truncated' | 'tooLarge', Uint8Array>>,
): Sample[] {
  const text = Buffer.from('This is no picture.');
  return [
    linkOf('link to half a picture', origin.link('truncated'), UNDECODABLE),
    linkOf('link to a text', origin.link('text'), UNSUPPORTED),
    linkOf('link to too many pixels', origin.link('too-large'), TOO_LARGE),
    linkOf('link to nothing', origin.link('missing'), NO_SOURCE),
    linkOf('link to a closed port', 'http://127.0.0.1:9/', NO_SOURCE),
    linkOf('link to the metadata service', 'http://169.254.169.254/latest/meta-data', FORBIDDEN),
    linkOf('link to a private address', 'http://10.0.0.1/picture.jpg', FORBIDDEN),
    linkOf('link to a private address in IPv6', 'http://[::ffff:10.0.0.1]/', FORBIDDEN),
    linkOf('link to a file', 'file:///etc/passwd', FORBIDDEN),
    linkOf('link that is none', 'picture.jpg', INVALID),
    rawOf('half a picture', truncated, UNDECODABLE),
    rawOf('no bytes', new Uint8Array(), INVALID),
    uploadOf('upload of a text', text, UNSUPPORTED),
    uploadOf('upload of too many pixels', tooLarge, TOO_LARGE),
    base64Of('base64 of half a picture', truncated, UNDECODABLE),
    { ...linkOf('broken JSON', '', INVALID), body: Buffer.from('{"url": ') },
  ];
}

import { mutateBytes } from '../bytes.js';
import { mutatedPicture } from '../pictures/mutate-picture.js';
import type { Random } from '../random.js';
import { JSON_TYPE, type HttpRequest } from './http-request.js';
import { mutateJson, type Json } from './json-values.js';

interface Template {
  readonly path: string;
  readonly body: (image: string) => unknown;
}

const TEMPLATES: readonly Template[] = [
  { path: '/predict', body: (image) => ({ image }) },
  { path: '/predict', body: (image) => ({ image: `data:image/png;base64,${image}` }) },
  { path: '/predict?top=1&model=fast', body: (image) => ({ image }) },
  { path: '/predict/batch', body: (image) => ({ images: [{ image }, { image }] }) },
  {
    path: '/v1/models/nearest:predict',
    body: (b64) => ({
      signature_name: 'serving_default',
      instances: [{ b64 }, { image: { b64 } }],
    }),
  },
  {
    path: '/v1/models/bicubic/versions/1:predict',
    body: (b64) => ({ inputs: { pixels: [{ b64 }] } }),
  },
  {
    path: '/v2/models/nearest/infer',
    body: (image) => ({
      id: 'a',
      parameters: { binary_data_output: false },
      inputs: [{ name: 'image', datatype: 'BYTES', shape: [1], data: [image] }],
      outputs: [{ name: 'scores', parameters: { classification: 2, binary_data: true } }],
    }),
  },
];

const QUERIES = [
  'top=0',
  'top=-1',
  'top=9e9',
  'top=1&top=2',
  'model=%00',
  'model=__proto__',
  'version=1',
  'version=9223372036854775808',
  'label=a',
  'version=1&label=a',
  'x=%zz',
  '%',
  'top[]=1',
];

/** Links that lead nowhere else than to what must be refused. */
const LINKS = [
  'http://127.0.0.1/',
  'http://[::ffff:7f00:1]/',
  'http://0x7f.1/',
  'http://2130706433/',
  'file:///etc/passwd',
  'gopher://x',
  'http://',
  '//a',
  'http://a:b@127.0.0.1:99999/',
  'http://[::1',
  'http://169.254.169.254\\@127.0.0.1/',
  `http://127.0.0.1/${'a'.repeat(70_000)}`,
  'data:,x',
  'http://\u0000/',
];

/** The JSON of a route, changed as a value, as text, or in what is around it. */
export function jsonRequest(random: Random): HttpRequest {
  const template = random.pick(TEMPLATES);
  const value = template.body(mutatedPicture(random).toString('base64')) as Json;
  let { path } = template;
  let body: Uint8Array = Buffer.from(JSON.stringify(value));
  switch (random.below(6)) {
    case 0:
      body = mutateBytes(body, random);
      break;
    case 1:
      body = Buffer.from(JSON.stringify({ url: random.pick(LINKS) }));
      path = '/predict';
      break;
    case 2:
      path += `${path.includes('?') ? '&' : '?'}${random.pick(QUERIES)}`;
      break;
    case 3:
      path = mutateBytes(Buffer.from(path), random)
        .toString('latin1')
        .replace(/[^!-~]/g, '%ff');
      if (!path.startsWith('/')) path = `/${path}`;
      break;
    default:
      body = Buffer.from(JSON.stringify(mutateJson(value, random)));
  }
  return { path, headers: JSON_TYPE, body };
}

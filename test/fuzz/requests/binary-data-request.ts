import { EDGES, mutateBytes } from '../bytes.js';
import { mutatedPicture } from '../pictures/mutate-picture.js';
import type { Random } from '../random.js';
import type { HttpRequest } from './http-request.js';

/** Open Inference with binary data whose lengths do not agree: of the JSON, of the data, of an element, of the shape. */
export function binaryDataRequest(random: Random): HttpRequest {
  const images = Array.from({ length: random.between(1, 3) }, () => mutatedPicture(random));
  const elements = images.flatMap((image) => [lengthOf(image, random), image]);
  const data = Buffer.concat(elements);
  const json = Buffer.from(
    JSON.stringify({
      inputs: [
        {
          name: 'image',
          datatype: 'BYTES',
          shape: [sizeOf(images.length, random)],
          parameters: { binary_data_size: sizeOf(data.length, random) },
        },
      ],
      outputs: [{ name: 'scores', parameters: { binary_data: random.chance(0.5) } }],
    }),
  );
  const body = Buffer.concat([json, data]);
  return {
    path: '/v2/models/nearest/infer',
    headers: {
      'content-type': 'application/octet-stream',
      'inference-header-content-length': random.chance(0.05)
        ? random.pick(['', '-1', '1e3', '0x10', '9'.repeat(400), ' 1'])
        : String(sizeOf(json.length, random)),
    },
    body: random.chance(0.2) ? mutateBytes(body, random) : body,
  };
}

function sizeOf(size: number, random: Random): number {
  return random.chance(0.1) ? random.pick([size - 1, size + 1, -size, ...EDGES]) : size;
}

function lengthOf(image: Buffer, random: Random): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(random.chance(0.1) ? random.pick(EDGES) : image.length);
  return length;
}

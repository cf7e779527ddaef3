/** One request that the generator can make, and the answer that makes it a good one. */
export interface Sample {
  /** Failures are counted by it. */
  readonly name: string;
  readonly path: string;
  readonly type: string;
  readonly body: Uint8Array;
  readonly expect: Expected;
  /** Number of the first picture: sent along as the request's id. */
  readonly picture?: number;
}

export interface Expected {
  readonly status: number;
  /** Of the problem, where one is expected. */
  readonly code?: string;
  /** Predictions of a batch: an entry each, a problem's code or empty. */
  readonly batch?: readonly string[];
  /** Number of pictures in all; the scores must then be those of the very pictures that were sent. */
  readonly pictures?: number;
}

const OK: Expected = { status: 200 };

export function linkOf(name: string, url: string, expect = OK): Sample {
  return json(name, '/predict', { url }, expect);
}

export function base64Of(name: string, image: Uint8Array, expect = OK): Sample {
  return json(name, '/predict', { image: Buffer.from(image).toString('base64') }, expect);
}

export function rawOf(name: string, image: Uint8Array, expect = OK): Sample {
  return { name, path: '/predict', type: 'image/jpeg', body: image, expect };
}

export function uploadOf(name: string, image: Uint8Array, expect = OK): Sample {
  const boundary = 'boundary-of-an-upload';
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="image"; filename="image"\r\nContent-Type: application/octet-stream\r\n\r\n`;
  const body = Buffer.concat([Buffer.from(head), image, Buffer.from(`\r\n--${boundary}--\r\n`)]);
  const type = `multipart/form-data; boundary=${boundary}`;
  return { name, path: '/predict', type, body, expect };
}

/** @param codes of each entry, empty where it is good */
export function batchOf(
  name: string,
  images: readonly ({ url: string } | { image: string })[],
  codes: readonly string[] = images.map(() => ''),
): Sample {
  return json(name, '/predict/batch', { images }, { status: 200, batch: codes });
}

function json(name: string, path: string, value: object, expect: Expected): Sample {
  return { name, path, type: 'application/json', body: Buffer.from(JSON.stringify(value)), expect };
}

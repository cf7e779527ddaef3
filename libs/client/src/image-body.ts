import { toBase64 } from './base64.js';
import type { ImageInput } from './types.js';

export interface Body {
  readonly type: string;
  readonly content: string | Blob | Uint8Array<ArrayBuffer> | ArrayBuffer;
}

/** The gateway tells formats apart by content, so that any type will do. */
const ANY_IMAGE = 'image/*';

/** The body of `POST /predict`: bytes as they are, which costs the least. */
export function imageBody(image: ImageInput): Body {
  if (image instanceof Blob || image instanceof ArrayBuffer) {
    return { type: ANY_IMAGE, content: image };
  }
  if (image instanceof Uint8Array) {
    return { type: ANY_IMAGE, content: image as Uint8Array<ArrayBuffer> };
  }
  return jsonBody('url' in image ? { url: image.url } : { image: image.base64 });
}

/** The body of `POST /predict/batch`. */
export async function imagesBody(images: readonly ImageInput[]): Promise<Body> {
  return jsonBody({ images: await Promise.all(images.map(imageMember)) });
}

async function imageMember(image: ImageInput): Promise<{ url: string } | { image: string }> {
  if (image instanceof Blob) return { image: toBase64(new Uint8Array(await image.arrayBuffer())) };
  if (image instanceof ArrayBuffer) return { image: toBase64(new Uint8Array(image)) };
  if (image instanceof Uint8Array) return { image: toBase64(image) };
  return 'url' in image ? { url: image.url } : { image: image.base64 };
}

function jsonBody(value: object): Body {
  return { type: 'application/json', content: JSON.stringify(value) };
}

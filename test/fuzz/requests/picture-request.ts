import { mutatedPicture } from '../pictures/mutate-picture.js';
import type { Random } from '../random.js';
import { MODELS, type HttpRequest } from './http-request.js';

/** A broken picture as a raw body, to one of the ways of decoding. */
export function pictureRequest(random: Random): HttpRequest {
  return {
    path: `/predict?model=${random.pick(MODELS)}`,
    headers: { 'content-type': 'image/jpeg' },
    body: mutatedPicture(random),
  };
}

import { objectOf, ref, type Schema, type Schemas } from '../openapi/schema.js';

/** A grey pixel: the smallest picture that every request shown can be tried with. */
export const EXAMPLE_IMAGE =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==';

/** A photograph of pants. */
export const EXAMPLE_LINK =
  'https://raw.githubusercontent.com/alexeygrigorev/clothing-dataset-small/' +
  '11961516512414bf9f6c150a832cfd21b54a6b54/test/pants/4aabd82c-82e1-4181-a84d-d0c6e550d26d.jpg';

/** JPEG, PNG, WebP, GIF, BMP and TIFF are told apart by their content. */
export const IMAGE_FILE: Schema = { type: 'string', format: 'binary' };

export const IMAGE_SCHEMAS: Schemas = {
  ImageLink: {
    type: 'string',
    format: 'uri',
    description: 'A link, http or https, to a public address.',
  },
  Base64Image: {
    type: 'string',
    minLength: 1,
    format: 'base64-image',
    description: 'An encoded image in base64; a data: URI too.',
  },
  Image: {
    oneOf: [
      objectOf({ url: ref('ImageLink') }, { title: 'A link' }),
      objectOf({ image: ref('Base64Image') }, { title: 'The image itself' }),
    ],
  },
};

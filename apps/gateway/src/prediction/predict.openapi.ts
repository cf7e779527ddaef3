import { applyDecorators } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import { ApiProblem } from '../errors/problem.openapi.js';
import { EXAMPLE_IMAGE, EXAMPLE_LINK, IMAGE_FILE } from '../images/image.openapi.js';
import { json, objectOf, ref, type Schemas } from '../openapi/schema.js';

export const PREDICT_SCHEMAS: Schemas = {
  Scores: {
    type: 'object',
    minProperties: 1,
    additionalProperties: { type: 'number', minimum: 0, maximum: 1 },
    description: 'Class → probability: in the order of the labels, or, with top, best first.',
  },
};

/** What `EXAMPLE_IMAGE` is answered with `top=2`. */
export const EXAMPLE_SCORES = { 't-shirt': 0.9771072, longsleeve: 0.01498252 };

export const MODEL_VERSION_HEADER = {
  'X-Model-Version': {
    description: 'The version of the model that answered.',
    schema: { type: 'string' as const, pattern: '^[0-9]+$' },
  },
};

const ETAG_HEADER = {
  ETag: {
    description: 'Names image, model, version and top; only where the cache is on.',
    schema: { type: 'string' as const, pattern: '^W/"[A-Za-z0-9_-]+"$' },
  },
};

const SERVER_TIMING_HEADER = {
  'Server-Timing': {
    description:
      'Milliseconds (dur) of the stages that there were: fetch, of a link; decode; resize, which is 0 ' +
      'where decoding gave the resized pixels in the same pass; infer, the call of the model; and ' +
      "total, from the request's headers to the answer, its body's way here and all waits included. " +
      'An answer that was kept has the first and the last alone.',
    schema: {
      type: 'string' as const,
      example: 'decode;dur=2.4, resize;dur=0, infer;dur=18.9, total;dur=22.1',
    },
  },
};

/** What `parsePredictQuery` reads. */
export function ApiPredictQuery(): MethodDecorator {
  return applyDecorators(
    ApiQuery({
      name: 'top',
      required: false,
      schema: { type: 'integer', minimum: 1, maximum: 999_999_999 },
      description: 'Answer only so many classes, best first.',
    }),
    ApiQuery({
      name: 'model',
      required: false,
      schema: { type: 'string', minLength: 1, format: 'model-name' },
      description: 'Another model of the catalogue.',
    }),
    ApiQuery({
      name: 'version',
      required: false,
      schema: { type: 'string', pattern: '^[1-9][0-9]{0,18}$', format: 'model-version' },
      description: 'One version of the model; not together with label.',
    }),
    ApiQuery({
      name: 'label',
      required: false,
      schema: { type: 'string', pattern: '^\\S{1,128}$', format: 'model-label' },
      description: 'The version that bears this label, such as stable or canary.',
    }),
  );
}

/** The OpenAPI description of `POST /predict`. */
export function DescribePredict(): MethodDecorator {
  return applyDecorators(
    ApiTags('prediction'),
    ApiOperation({
      operationId: 'predict',
      summary: 'Classify one image',
      description:
        'Takes an image as a link, in base64, as a form upload or as the raw body. ' +
        'JPEG, PNG, WebP, GIF, BMP and TIFF are told apart by their content.',
      requestBody: {
        required: true,
        content: {
          ...json(ref('Image'), {
            base64: { value: { image: EXAMPLE_IMAGE } },
            link: { value: { url: EXAMPLE_LINK } },
          }),
          'multipart/form-data': { schema: objectOf({ image: IMAGE_FILE }) },
          'image/*': { schema: IMAGE_FILE },
        },
      },
    }),
    ApiPredictQuery(),
    ApiHeader({
      name: 'If-None-Match',
      required: false,
      schema: { type: 'string' },
      description: 'Entity tags of answers that the caller has; looked at where the cache is on.',
    }),
    ApiResponse({
      status: 200,
      description: 'The classes with their probabilities.',
      headers: { ...MODEL_VERSION_HEADER, ...ETAG_HEADER, ...SERVER_TIMING_HEADER },
      content: json(ref('Scores'), {
        'the image in base64, top=2': { value: EXAMPLE_SCORES },
      }),
    }),
    ApiResponse({
      status: 304,
      description:
        'The answer is one of those that If-None-Match names; only where the cache is on.',
      headers: { ...MODEL_VERSION_HEADER, ...ETAG_HEADER },
    }),
    ApiProblem(400, 'The request, its link or its image field is not as expected.'),
    ApiProblem(404, 'No such model, or no such version or label of it.', 'MODEL_NOT_FOUND'),
    ApiProblem(413, 'Too many bytes or pixels.'),
    ApiProblem(415, 'Not an image that can be read, or not an accepted type of body.'),
    ApiProblem(422, 'The image is broken or cut short.'),
    ApiProblem(502, "The link's server or the model failed."),
    ApiProblem(503, 'The model is not available, or there is too much work.'),
    ApiProblem(504, "The link's server or the whole request took too long."),
  );
}

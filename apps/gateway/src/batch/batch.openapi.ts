import { applyDecorators } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { ApiProblem } from '../errors/problem.openapi.js';
import { EXAMPLE_IMAGE, EXAMPLE_LINK } from '../images/image.openapi.js';
import { json, objectOf, ref, type Schemas } from '../openapi/schema.js';
import {
  ApiPredictQuery,
  EXAMPLE_SCORES,
  MODEL_VERSION_HEADER,
} from '../prediction/predict.openapi.js';

export function batchSchemas(maxImages: number): Schemas {
  return {
    Images: objectOf({
      images: { type: 'array', minItems: 1, maxItems: maxImages, items: ref('Image') },
    }),
    ImageProblem: objectOf({ error: ref('Problem') }, { description: 'Why there are no scores.' }),
    Predictions: objectOf({
      predictions: {
        type: 'array',
        minItems: 1,
        maxItems: maxImages,
        description: 'One for each image, in their order.',
        items: { oneOf: [ref('Scores'), ref('ImageProblem')] },
      },
    }),
  };
}

/** The OpenAPI description of `POST /predict/batch`. */
export function DescribeBatch(): MethodDecorator {
  return applyDecorators(
    ApiTags('prediction'),
    ApiOperation({
      operationId: 'predictBatch',
      summary: 'Classify several images',
      description:
        'An image that cannot be had or read has a problem in its own place, and spoils no other. ' +
        'Where the model fails, the whole request does, whatever its images were: none of them has ' +
        'an answer then.',
      requestBody: {
        required: true,
        content: json(ref('Images'), {
          base64: { value: { images: [{ image: EXAMPLE_IMAGE }] } },
          links: { value: { images: [{ url: EXAMPLE_LINK }, { image: EXAMPLE_IMAGE }] } },
        }),
      },
    }),
    ApiPredictQuery(),
    ApiResponse({
      status: 200,
      description: 'For each image its scores, or why it has none.',
      headers: MODEL_VERSION_HEADER,
      content: json(ref('Predictions'), {
        'the image in base64, top=2': { value: { predictions: [EXAMPLE_SCORES] } },
      }),
    }),
    ApiProblem(400, 'The request is not as expected, or has too many images.', 'INVALID_REQUEST'),
    ApiProblem(404, 'No such model, or no such version or label of it.', 'MODEL_NOT_FOUND'),
    ApiProblem(413, 'The whole request has too many bytes.'),
    ApiProblem(415, 'Not JSON.', 'UNSUPPORTED_MEDIA_TYPE'),
    ApiProblem(502, 'The model failed.', 'MODEL_FAILED'),
    ApiProblem(503, 'The model is not available, or there is no room for that many images.'),
    ApiProblem(504, 'The whole request took too long.', 'DEADLINE_EXCEEDED'),
  );
}

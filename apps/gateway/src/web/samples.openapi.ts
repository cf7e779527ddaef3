import { applyDecorators } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { ApiProblem } from '../errors/problem.openapi.js';
import { IMAGE_FILE } from '../images/image.openapi.js';
import { json, objectOf, ref, type Schemas } from '../openapi/schema.js';

export const SAMPLE_SCHEMAS: Schemas = {
  Samples: {
    type: 'array',
    items: objectOf({
      name: { type: 'string' },
      url: { type: 'string', pattern: '^/samples/' },
    }),
  },
};

export function DescribeSamples(): MethodDecorator {
  return applyDecorators(
    ApiTags('about'),
    ApiOperation({ operationId: 'samples', summary: 'Pictures to try the default model with' }),
    ApiResponse({
      status: 200,
      description: 'None where the model has none.',
      content: json(ref('Samples'), {
        one: { value: [{ name: 'pants', url: '/samples/pants.jpg' }] },
      }),
    }),
  );
}

export function DescribeSample(): MethodDecorator {
  return applyDecorators(
    ApiTags('about'),
    ApiOperation({ operationId: 'sample', summary: 'One of them' }),
    ApiResponse({
      status: 200,
      description: 'The picture.',
      content: { 'image/*': { schema: IMAGE_FILE } },
    }),
    ApiProblem(404, 'No such picture.', 'NOT_FOUND'),
  );
}

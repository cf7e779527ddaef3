import { applyDecorators } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { json, objectOf, ref, type Schemas } from '../openapi/schema.js';

const LIMIT = { type: 'integer', minimum: 1 } as const;

export const PAGE_SETTINGS_SCHEMAS: Schemas = {
  PageSettings: objectOf({
    models: {
      type: 'array',
      description: 'The default one first, each with the labels that spec or configuration name.',
      items: objectOf({
        name: { type: 'string' },
        labels: { type: 'array', items: { type: 'string' } },
      }),
    },
    maxImageBytes: { ...LIMIT, description: 'Of one file.' },
    maxImages: { ...LIMIT, description: 'Of one batch.' },
    maxBodyBytes: { ...LIMIT, description: 'Of the body of one batch.' },
  }),
};

export function DescribePageSettings(): MethodDecorator {
  return applyDecorators(
    ApiTags('about'),
    ApiOperation({
      operationId: 'pageSettings',
      summary: 'What the web page must know of this gateway',
    }),
    ApiResponse({
      status: 200,
      description: 'Its models and limits.',
      content: json(ref('PageSettings'), {
        default: {
          value: {
            models: [{ name: 'clothing-model', labels: ['stable'] }],
            maxImageBytes: 20971520,
            maxImages: 32,
            maxBodyBytes: 111979180,
          },
        },
      }),
    }),
  );
}

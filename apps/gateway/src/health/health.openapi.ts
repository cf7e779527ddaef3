import { applyDecorators } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { json, objectOf, ref, type Schemas } from '../openapi/schema.js';

export const HEALTH_SCHEMAS: Schemas = {
  Liveness: objectOf({ status: { type: 'string', enum: ['ok'] } }),
  Readiness: objectOf({
    status: { type: 'string', enum: ['ok', 'error', 'shutting_down'] },
    checks: {
      type: 'object',
      description: 'By the name of a model; "spec FILE" where a spec cannot be used.',
      additionalProperties: ref('Check'),
    },
  }),
  Check: objectOf(
    {
      status: { type: 'string', enum: ['up', 'down', 'degraded'] },
      version: { type: 'string', description: 'The versions that answer.' },
      reason: { type: 'string' },
    },
    { optional: ['version', 'reason'] },
  ),
};

export function DescribeLiveness(): MethodDecorator {
  return applyDecorators(
    ApiTags('probes'),
    ApiOperation({ operationId: 'livez', summary: 'Whether the process answers' }),
    ApiResponse({
      status: 200,
      description: 'It does.',
      content: json(ref('Liveness'), { alive: { value: { status: 'ok' } } }),
    }),
  );
}

export function DescribeReadiness(): MethodDecorator {
  const answer = (status: string, check: object) =>
    json(ref('Readiness'), {
      [status]: { value: { status, checks: { 'clothing-model': check } } },
    });
  return applyDecorators(
    ApiTags('probes'),
    ApiOperation({ operationId: 'readyz', summary: 'Whether predictions can be asked for' }),
    ApiResponse({
      status: 200,
      description: 'The default model is served, fits and has answered.',
      content: answer('ok', { status: 'up', version: '1' }),
    }),
    ApiResponse({
      status: 503,
      description: 'It is not, or the process is about to stop.',
      content: answer('error', { status: 'down', reason: 'The model server does not answer.' }),
    }),
  );
}

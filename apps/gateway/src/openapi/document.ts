import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { projectVersion } from '#project';
import { describeApiKeys } from '../auth/guarded.js';
import { batchSchemas } from '../batch/batch.openapi.js';
import { GatewayConfig } from '../config/gateway-config.js';
import { PROBLEM_SCHEMAS } from '../errors/problem.openapi.js';
import { HEALTH_SCHEMAS } from '../health/health.openapi.js';
import { IMAGE_SCHEMAS } from '../images/image.openapi.js';
import { openInferenceSchemas } from '../open-inference/schemas.openapi.js';
import { PREDICT_SCHEMAS } from '../prediction/predict.openapi.js';
import { tfServingSchemas } from '../tf-serving-rest/schemas.openapi.js';
import { PAGE_SETTINGS_SCHEMAS } from '../web/page-settings.openapi.js';
import { SAMPLE_SCHEMAS } from '../web/samples.openapi.js';
import { describeEverywhere } from './everywhere.js';
import { describeModelPaths } from './model-paths.js';
import type { Schemas } from './schema.js';

const ABOUT =
  'An image in, the probability of each class out. Every answer carries X-Request-Id; every failure ' +
  'is a problem (RFC 9457) with a stable code. A path that is not listed here answers 404 NOT_FOUND, ' +
  'another method 405 METHOD_NOT_ALLOWED with Allow.';

/** The API's description, of all controllers of the app and with the limits that it runs with. */
export function openApiDocument(app: NestFastifyApplication): OpenAPIObject {
  const info = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Image-classification gateway')
    .setDescription(ABOUT)
    .setLicense('MIT', 'https://opensource.org/license/mit')
    .setVersion(projectVersion)
    .addServer('/');
  const document = SwaggerModule.createDocument(app, describeApiKeys(info).build(), {
    autoTagControllers: false,
  });
  document.components = {
    ...document.components,
    schemas: schemas(app.get(GatewayConfig).BATCH_MAX_IMAGES),
  };
  document.paths['/openapi.json'] = {
    get: {
      tags: ['about'],
      operationId: 'openapi',
      summary: 'This description',
      responses: {
        200: {
          description: 'OpenAPI 3.1.',
          content: { 'application/json': { schema: { type: 'object' } } },
        },
      },
    },
  };
  describeModelPaths(document);
  describeEverywhere(document);
  return document;
}

function schemas(maxImages: number): Record<string, Schemas[string]> {
  return {
    ...IMAGE_SCHEMAS,
    ...PREDICT_SCHEMAS,
    ...batchSchemas(maxImages),
    ...tfServingSchemas(maxImages),
    ...openInferenceSchemas(maxImages),
    ...HEALTH_SCHEMAS,
    ...SAMPLE_SCHEMAS,
    ...PAGE_SETTINGS_SCHEMAS,
    ...PROBLEM_SCHEMAS,
  };
}

import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { projectVersion } from '#project';
import { describeApiKeys } from '../auth/needs-api-key.js';
import { INFER_BODY_CONTENT } from '../open-inference/open-inference.openapi.js';
import { PREDICT_BODY_CONTENT } from '../prediction/predict.openapi.js';
import { describeModelPaths } from './model-paths.js';

/** The API's description, of all controllers of the app. */
export function openApiDocument(app: NestFastifyApplication): OpenAPIObject {
  const info = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Image-classification gateway')
    .setDescription('An image in, the probability of each class out.')
    .setVersion(projectVersion)
    .addServer('/');
  const document = SwaggerModule.createDocument(app, describeApiKeys(info).build(), {
    autoTagControllers: false,
  });
  const predict = document.paths['/predict']?.post;
  if (predict !== undefined) {
    predict.requestBody = { required: true, content: PREDICT_BODY_CONTENT };
  }
  for (const [path, { post }] of Object.entries(document.paths)) {
    if (post !== undefined && path.endsWith('/infer')) {
      post.requestBody = { required: true, content: INFER_BODY_CONTENT };
    }
  }
  describeModelPaths(document);
  return document;
}

import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { projectPath } from '#project';
import { serveFolder } from './static-files.js';

const SWAGGER_UI = ['swagger-ui.css', 'swagger-ui-bundle.js'];

/** `/docs` and `/openapi.json`; the description is made when it is first asked for. */
export function serveDocs(app: NestFastifyApplication, fastify: FastifyInstance): void {
  serveFolder(fastify, projectPath('apps', 'gateway', 'public', 'docs'), '/docs');
  const swaggerUi = createRequire(import.meta.url).resolve('swagger-ui-dist/swagger-ui.css');
  serveFolder(fastify, dirname(swaggerUi), '/docs', SWAGGER_UI);
  let document: Promise<string> | undefined;
  fastify.get('/openapi.json', async (_request, reply) => {
    document ??= describeApi(app);
    return reply.type('application/json; charset=utf-8').send(await document);
  });
}

/** Loaded only now: a pod that nobody asks for its docs does not pay for them. */
async function describeApi(app: NestFastifyApplication): Promise<string> {
  const { openApiDocument } = await import('../openapi/document.js');
  return JSON.stringify(openApiDocument(app));
}

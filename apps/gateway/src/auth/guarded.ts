import { applyDecorators } from '@nestjs/common';
import { ApiSecurity, type DocumentBuilder } from '@nestjs/swagger';
import { ApiProblem } from '../errors/problem.openapi.js';
import { AddRouteConfig } from '../http/route-config.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    isGuarded?: boolean;
  }
}

const WHERE_ASKED = 'Asked for only where the service has API keys.';

/**
 * Marks a route that answers only with a key, where there are keys, only so often, where there is a
 * limit, and only while there are places; and says the first two in the API's description.
 */
export function Guarded(): MethodDecorator {
  return applyDecorators(
    AddRouteConfig({ isGuarded: true }),
    ApiSecurity('bearer'),
    ApiSecurity('apiKey'),
    ApiProblem(401, 'No API key, or a wrong one, where keys are set.'),
    ApiProblem(429, 'Asked too often, where the rate is limited; see Retry-After.'),
  );
}

/** The two ways to send a key, for the API's description. */
export function describeApiKeys(document: DocumentBuilder): DocumentBuilder {
  return document
    .addSecurity('bearer', { type: 'http', scheme: 'bearer', description: WHERE_ASKED })
    .addSecurity('apiKey', {
      type: 'apiKey',
      in: 'header',
      name: 'X-API-Key',
      description: WHERE_ASKED,
    });
}

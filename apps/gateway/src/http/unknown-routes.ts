import type { FastifyInstance } from 'fastify';
import { RouteNotFoundError } from '../errors/errors.js';

/**
 * Refuses what no route answers before the body is looked at: whatever is wrong with the body, that
 * there is nothing to send it to is what the caller should hear.
 */
export function refuseUnknownRoutes(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, _reply, done) => {
    done(request.is404 ? new RouteNotFoundError() : undefined);
  });
}

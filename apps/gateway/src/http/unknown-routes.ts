import type { FastifyInstance } from 'fastify';
import { InvalidRequestError, RouteNotFoundError } from '../errors/errors.js';

/**
 * Refuses what no route answers, and what names no host, before the body is looked at: whatever is wrong with the body, that
 * there is nothing to send it to is what the caller should hear.
 */
export function refuseUnknownRoutes(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, _reply, done) => {
    // Node is told not to look (RFC 9112, section 3.2): its refusal has neither problem nor id.
    const lacksHost = request.headers.host === undefined && request.raw.httpVersionMinor > 0;
    if (lacksHost) done(new InvalidRequestError('Expected a Host header.'));
    else done(request.is404 ? new RouteNotFoundError() : undefined);
  });
}

import type { FastifyInstance } from 'fastify';

const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; " +
  "connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";
/** Swagger UI styles its elements inline. */
const DOCS_POLICY = PAGE_POLICY.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'");

/** What every answer has, whatever it is of. */
export function commonHeaders(requestId: string, contentPolicy = PAGE_POLICY) {
  return {
    'x-request-id': requestId,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'content-security-policy': contentPolicy,
  };
}

export function addSecurityHeaders(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    const isDocs = request.url.startsWith('/docs');
    reply.headers(commonHeaders(request.id, isDocs ? DOCS_POLICY : PAGE_POLICY));
    done();
  });
}

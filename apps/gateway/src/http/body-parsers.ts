import multipart from '@fastify/multipart';
import type { FastifyInstance } from 'fastify';

/** JSON is Fastify's own; plain text is not an image. Anything else is refused with 415. */
export async function addBodyParsers(fastify: FastifyInstance, maxBytes: number): Promise<void> {
  fastify.removeContentTypeParser('text/plain');
  fastify.addContentTypeParser(
    /^image\//,
    { parseAs: 'buffer', bodyLimit: maxBytes },
    (_request, body, done) => {
      done(null, body);
    },
  );
  await fastify.register(multipart);
}

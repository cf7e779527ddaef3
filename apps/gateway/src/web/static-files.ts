import { createReadStream, readdirSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
};

/**
 * Serves the files of a folder, each by a route of its own, so that no path leads anywhere else;
 * `index.html` is also the folder itself. Browsers keep them, and ask each time whether they changed.
 *
 * @param at the folder's path, such as `/docs`; empty for the root
 * @param files names of those to serve; all that have a known type where it is left out
 * @param json what the folder itself answers those who accept JSON and no HTML
 */
export function serveFolder(
  fastify: FastifyInstance,
  folder: string,
  at: string,
  files = readdirSync(folder).filter((file) => extname(file) in TYPES),
  json?: object,
): void {
  for (const file of files) {
    const path = join(folder, file);
    const answer = (request: FastifyRequest, reply: FastifyReply) => sendFile(path, request, reply);
    fastify.get(`${at}/${file}`, answer);
    if (file !== 'index.html') continue;
    const index = json === undefined ? answer : pageOr(json, answer);
    for (const url of [at, `${at}/`]) if (url !== '') fastify.get(url, index);
  }
}

type Answer = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>;

function pageOr(json: object, page: Answer): Answer {
  return async (request, reply) => {
    reply.header('vary', 'accept');
    const { accept = '' } = request.headers;
    const isJson = /\bapplication\/json\b/i.test(accept) && !/\btext\/html\b/i.test(accept);
    return isJson ? reply.send(json) : page(request, reply);
  };
}

async function sendFile(
  path: string,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { size, mtime } = await stat(path);
  const etag = `W/"${size.toString(16)}-${mtime.getTime().toString(16)}"`;
  reply.headers({ etag, 'last-modified': mtime.toUTCString(), 'cache-control': 'no-cache' });
  if (request.headers['if-none-match'] === etag) return reply.status(304).send();
  reply.headers({ 'content-type': TYPES[extname(path)], 'content-length': size });
  return reply.send(createReadStream(path));
}

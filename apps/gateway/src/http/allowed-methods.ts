import type { FastifyInstance } from 'fastify';

const PATTERNS = new WeakMap<FastifyInstance['server'], Map<string, Set<string>>>();

/** Remembers each route of the instance, so that a wrong method can be told from a wrong path. */
export function rememberRoutes(fastify: FastifyInstance): void {
  const methodsByPattern = new Map<string, Set<string>>();
  PATTERNS.set(fastify.server, methodsByPattern);
  fastify.addHook('onRoute', ({ url, method }) => {
    const methods = methodsByPattern.get(url) ?? new Set();
    for (const name of [method].flat()) methods.add(name);
    methodsByPattern.set(url, methods);
  });
}

/** The methods that the path of `url` answers to, sorted; none where there is no such path. */
export function allowedMethods(fastify: FastifyInstance, url: string): string[] {
  const path = url.split('?', 1)[0]!;
  const methods = new Set<string>();
  for (const [pattern, names] of PATTERNS.get(fastify.server) ?? []) {
    if (matches(pattern, path)) names.forEach((name) => methods.add(name));
  }
  return [...methods].sort();
}

/** Fastify's patterns as far as this API uses them: `:name` is one segment. */
function matches(pattern: string, path: string): boolean {
  if (pattern.includes('*')) return false;
  const wanted = pattern.split('/');
  const given = path.split('/');
  return (
    wanted.length === given.length &&
    wanted.every((part, index) => part === given[index] || (part.startsWith(':') && given[index]))
  );
}

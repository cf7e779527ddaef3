import type { FastifyInstance } from 'fastify';
import { regExpOf } from './route-pattern.js';

const ROUTES = new WeakMap<FastifyInstance['server'], Map<string, Route>>();

interface Route {
  readonly paths: RegExp;
  readonly methods: Set<string>;
}

/** Remembers each route of the instance, so that a wrong method can be told from a wrong path. */
export function rememberRoutes(fastify: FastifyInstance): void {
  const routes = new Map<string, Route>();
  ROUTES.set(fastify.server, routes);
  fastify.addHook('onRoute', ({ url, method }) => {
    const route = routes.get(url) ?? { paths: regExpOf(url), methods: new Set() };
    for (const name of [method].flat()) route.methods.add(name);
    routes.set(url, route);
  });
}

/** Each route of the instance, as `METHOD /fastify/:pattern`. */
export function routesOf(fastify: FastifyInstance): string[] {
  return [...(ROUTES.get(fastify.server) ?? [])].flatMap(([url, { methods }]) =>
    [...methods].map((method) => `${method} ${url}`),
  );
}

/** The methods that the path of `url` answers to, sorted; none where there is no such path. */
export function allowedMethods(fastify: FastifyInstance, url: string): string[] {
  const path = url.split('?', 1)[0]!;
  const methods = new Set<string>();
  for (const { paths, methods: names } of ROUTES.get(fastify.server)?.values() ?? []) {
    if (paths.test(path)) names.forEach((name) => methods.add(name));
  }
  return [...methods].sort();
}

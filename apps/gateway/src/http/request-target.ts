const ABSOLUTE = /^https?:\/\/[^/?#]*/i;

/**
 * The path and query of a request's target, whichever of HTTP's forms it has (RFC 9112, section 3.2):
 * Fastify's router knows paths alone, and takes all else for a fault of its own.
 */
export function pathOf(target: string): string {
  if (target.startsWith('/')) return target;
  const path = target.replace(ABSOLUTE, '');
  return path.startsWith('/') ? path : `/${path}`;
}

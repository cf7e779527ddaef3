/** A segment of a Fastify pattern: `:name`, with what it may be, and with a literal `:verb` behind it. */
const PARAMETER = /^:(\w+)(?:\(\^([^)]*)\))?(?:::(\w+))?$/;

/** A Fastify pattern as people write it: `/models/:name(^[^/:]+)::predict` is `/models/:name:predict`. */
export function templateOf(pattern: string): string {
  return mapSegments(
    pattern,
    (name, _shape, verb) => `:${name}${verb === undefined ? '' : `:${verb}`}`,
  );
}

/** What the paths of a pattern look like; one with a wildcard matches none. */
export function regExpOf(pattern: string): RegExp {
  if (pattern.includes('*')) return /(?!)/;
  const source = mapSegments(
    pattern,
    (_name, shape = '[^/]+', verb) => `(?:${shape})${verb === undefined ? '' : `:${verb}`}`,
    (literal) => literal.replace(/[.+?^${}()|[\]\\]/g, '\\$&'),
  );
  return new RegExp(`^${source}$`);
}

function mapSegments(
  pattern: string,
  parameter: (name: string, shape: string | undefined, verb: string | undefined) => string,
  literal: (text: string) => string = (text) => text,
): string {
  return pattern
    .split(/\/(?![^(]*\))/)
    .map((segment) => {
      const match = PARAMETER.exec(segment);
      return match === null ? literal(segment) : parameter(match[1]!, match[2], match[3]);
    })
    .join('/');
}

import type { IncomingHttpHeaders } from 'node:http';
import { Fault } from './fault.js';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/**
 * What a request can be told that is at fault itself. A healthy backend is behind the gateway, and it has
 * little to do: whatever else it says, such as INTERNAL or MODEL_FAILED, is a fault of its own.
 */
const STATUS_OF: Readonly<Record<string, number>> = {
  INVALID_REQUEST: 400,
  URL_FORBIDDEN: 400,
  MODEL_NOT_FOUND: 404,
  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  IMAGE_TOO_LARGE: 413,
  UNSUPPORTED_IMAGE: 415,
  UNSUPPORTED_MEDIA_TYPE: 415,
  IMAGE_UNDECODABLE: 422,
  IMAGE_SOURCE_FAILED: 502,
  IMAGE_SOURCE_TIMEOUT: 504,
};

/** Words of libraries and of JavaScript, places in code, addresses of this machine. */
const LEAK =
  /\bat .+:\d+:\d+|node_modules|\.[cm]?[jt]s\b|\bErr?(?:or)?:|undefined|\[object|ECONN|ENOTFOUND|vips|libspng|prototype|127\.0\.0\.1|grpc/i;

/**
 * What an answer is counted as.
 *
 * @throws Fault where it is not one that the API has
 */
export function checkAnswer({ status, headers, body }: Answer): string {
  if (headers['x-request-id'] === undefined) throw new Fault(`${status} without X-Request-Id`);
  if (status === 200) return checkSuccess(headers, body);
  const type = headers['content-type'] ?? '';
  if (!type.startsWith('application/problem+json')) throw new Fault(`${status} of type "${type}"`);
  const problem = parse(body) as { code?: string; status?: number; detail?: string };
  const { code = '', detail = '' } = problem;
  // Node's own parser has a status for heads that are too long, and no code.
  const expected = status === 431 ? 431 : STATUS_OF[code];
  if (status !== expected || problem.status !== status) {
    throw new Fault(`${status} with ${JSON.stringify(problem)}`);
  }
  if (LEAK.test(detail)) throw new Fault(`${code} says "${detail}"`);
  return `${status} ${code}`;
}

function checkSuccess(headers: IncomingHttpHeaders, body: Buffer): string {
  const type = headers['content-type'] ?? '';
  if (type.startsWith('application/json')) parse(body);
  else if (type === 'application/octet-stream') {
    parse(body.subarray(0, Number(headers['inference-header-content-length'])));
  }
  return '200';
}

function parse(json: Buffer): unknown {
  try {
    return JSON.parse(json.toString());
  } catch {
    throw new Fault(`not JSON: ${json.toString('latin1', 0, 200)}`);
  }
}

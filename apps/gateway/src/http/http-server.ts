import {
  createServer,
  METHODS,
  type RequestListener,
  type Server,
  type ServerOptions,
} from 'node:http';

/** Longer than the 60 s of AWS's load balancers: the balancer, not we, must end idle connections. */
const KEEP_ALIVE_MS = 75_000;
const HEADERS_MS = 80_000;

/**
 * Node's parser takes verbs of RTSP and HTTP/2's preface for methods where no version is named; Fastify's
 * router knows none of them, and takes one for a bug of its own.
 *
 * @param refuse answers those
 */
export function createHttpServer(
  timeoutMs: number,
  route: RequestListener,
  refuse: RequestListener,
): Server {
  const options: ServerOptions = {
    keepAliveTimeout: KEEP_ALIVE_MS,
    requestTimeout: Math.max(HEADERS_MS, timeoutMs),
    headersTimeout: HEADERS_MS,
    requireHostHeader: false,
  };
  return createServer(options, (request, response) => {
    if (METHODS.includes(request.method ?? '')) route(request, response);
    else refuse(request, response);
  });
}

import { createServer, type RequestListener, type Server, type ServerOptions } from 'node:http';

/** Longer than the 60 s of AWS's load balancers: the balancer, not we, must end idle connections. */
const KEEP_ALIVE_MS = 75_000;
const HEADERS_MS = 80_000;

export function createHttpServer(timeoutMs: number, listener: RequestListener): Server {
  const options: ServerOptions = {
    keepAliveTimeout: KEEP_ALIVE_MS,
    requestTimeout: Math.max(HEADERS_MS, timeoutMs),
    headersTimeout: HEADERS_MS,
    requireHostHeader: false,
  };
  return createServer(options, listener);
}

import { STATUS_CODES, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { Logger } from '#logging';
import type { GatewayConfig } from '../config/gateway-config.js';
import { InvalidRequestError } from '../errors/errors.js';
import { forProtocolOf, PROBLEM_TYPE, toProblem } from '../errors/problem.js';
import type { HttpMetrics } from '../metrics/http-metrics.js';
import { pathOf } from './request-target.js';
import { RequestLog } from './request-log.js';
import { requestIdOf } from './request-id.js';

/** Longer than the 60 s of AWS's load balancers: the balancer, not we, must end idle connections. */
const KEEP_ALIVE_MS = 75_000;
const HEADERS_MS = 80_000;

export function createFastifyAdapter(
  config: GatewayConfig,
  logger: Logger,
  metrics: HttpMetrics,
): FastifyAdapter {
  const options = {
    loggerInstance: logger,
    logController: new RequestLog({ requestIdLogLabel: 'requestId' }),
    requestIdHeader: false,
    genReqId: requestIdOf,
    trustProxy: config.TRUSTED_PROXIES.isEmpty
      ? false
      : (address: string | undefined) => config.TRUSTED_PROXIES.includes(address),
    keepAliveTimeout: KEEP_ALIVE_MS,
    requestTimeout: Math.max(HEADERS_MS, config.PREDICT_TIMEOUT_MS),
    http: { headersTimeout: HEADERS_MS, requireHostHeader: false },
    rewriteUrl: ({ url = '/' }: IncomingMessage) => pathOf(url),
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    multipart: false,
    clientErrorHandler: (error: NodeJS.ErrnoException, socket: Socket) => {
      answerUnparsable(error, socket);
    },
    frameworkErrors: (
      _error: unknown,
      request: { id: string; method: string; url: string },
      reply: Replying,
    ) => {
      const error = new InvalidRequestError('The address is malformed.');
      const problem = forProtocolOf(request.url, toProblem(error, request.id));
      // The router refuses it before the hook that sets this header.
      reply.header('x-request-id', request.id);
      metrics.countUnroutable(request.method, problem.status, problem.code);
      void reply.status(problem.status).type(PROBLEM_TYPE).send(JSON.stringify(problem));
    },
  };
  return new FastifyAdapter(options as never);
}

interface Replying {
  header(name: string, value: string): unknown;
  status(code: number): { type(type: string): { send(body: string): unknown } };
}

/** What Node's HTTP parser refuses never becomes a request, so it is answered on the socket. */
function answerUnparsable(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const status = error.code === 'HPE_HEADER_OVERFLOW' ? 431 : 400;
  const problem = {
    ...toProblem(new InvalidRequestError('The request is not valid HTTP.'), ''),
    status,
    title: STATUS_CODES[status],
    requestId: requestIdOf({ headers: {} }),
  };
  const body = JSON.stringify(problem);
  socket.end(
    `HTTP/1.1 ${status} ${problem.title ?? ''}\r\nContent-Type: ${PROBLEM_TYPE}\r\n` +
      `X-Request-Id: ${problem.requestId}\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}

import { METHODS as HTTP_METHODS, type IncomingMessage, type RequestListener } from 'node:http';
import type { Socket } from 'node:net';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { Logger } from '#logging';
import type { GatewayConfig } from '../config/gateway-config.js';
import { InvalidRequestError } from '../errors/errors.js';
import { forProtocolOf, PROBLEM_TYPE, toProblem } from '../errors/problem.js';
import type { HttpMetrics } from '../metrics/http-metrics.js';
import { answerForeign, answerUnparsable } from './not-http.js';
import { createHttpServer } from './http-server.js';
import type { OverloadGate } from './overload-gate.js';
import { pathOf } from './request-target.js';
import { RequestLog } from './request-log.js';
import { requestIdOf } from './request-id.js';

/**
 * Node's parser takes verbs of RTSP and HTTP/2's preface for methods where no version is named; Fastify's
 * router knows none of them, and takes one for a bug of its own.
 */
const METHODS = new Set<string | undefined>(HTTP_METHODS);

/** @param gate stands in front of the router */
export function createFastifyAdapter(
  config: GatewayConfig,
  logger: Logger,
  metrics: HttpMetrics,
  gate: OverloadGate,
): FastifyAdapter {
  const options = {
    loggerInstance: logger,
    logController: new RequestLog({ requestIdLogLabel: 'requestId' }),
    requestIdHeader: false,
    genReqId: requestIdOf,
    trustProxy: config.TRUSTED_PROXIES.isEmpty
      ? false
      : (address: string | undefined) => config.TRUSTED_PROXIES.includes(address),
    serverFactory: (route: RequestListener) =>
      createHttpServer(config.PREDICT_TIMEOUT_MS, (request, response) => {
        if (!METHODS.has(request.method)) {
          metrics.countUnroutable(request.method ?? '', 400, 'INVALID_REQUEST');
          answerForeign(response);
        } else if (!gate.refuses(request, response)) {
          route(request, response);
        }
      }),
    rewriteUrl: ({ url = '/' }: IncomingMessage) => pathOf(url),
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    multipart: false,
    // Middleware for paths, which there is none of: it would look at each request, and more than once has
    // been gone around.
    skipMiddie: true,
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

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import type { Logger } from '#logging';
import { TooManyRequestsInWorkError } from '../errors/errors.js';
import { forProtocolOf, PROBLEM_TYPE, retryAfterSeconds, toProblem } from '../errors/problem.js';
import type { HttpMetrics } from '../metrics/http-metrics.js';
import type { InFlight } from '../prediction/in-flight.js';
import { RefusedGarbage } from './refused-garbage.js';
import { requestIdOf } from './request-id.js';
import { pathOf } from './request-target.js';
import { regExpOf } from './route-pattern.js';
import { commonHeaders } from './security-headers.js';

/** One for all: to throw and to log each would cost more than the rest of a refusal. */
const OVERLOADED = new TooManyRequestsInWorkError();

interface GuardedRoute {
  readonly pattern: string;
  readonly paths: RegExp;
}

/**
 * Refuses predictions while as many images are in work as may be, at their headers and in front of the
 * router: at several times what can be answered, most of what a gateway does is to refuse.
 */
export class OverloadGate {
  private readonly routes: GuardedRoute[] = [];
  private readonly garbage = new RefusedGarbage();

  /** @param isDraining while the process ends; the router knows what its answers must say then */
  constructor(
    private readonly inFlight: InFlight,
    private readonly metrics: HttpMetrics,
    private readonly logger: Logger,
    private readonly isDraining: () => boolean,
  ) {}

  /** Guards the predictions of routes that are yet to be added. */
  watch(fastify: FastifyInstance): void {
    fastify.addHook('onRoute', ({ config, method, url }) => {
      if (config?.isGuarded !== true || method !== 'POST') return;
      this.routes.push({ pattern: url, paths: regExpOf(url) });
    });
  }

  /** @returns whether the request has been answered */
  refuses(request: IncomingMessage, response: ServerResponse): boolean {
    if (!this.inFlight.isFull || request.method !== 'POST') return false;
    const path = pathOf(request.url ?? '').split('?', 1)[0]!;
    const route = this.routes.find(({ paths }) => paths.test(path));
    if (route === undefined || this.isDraining()) return false;
    this.inFlight.refuse();
    this.garbage.add(request);
    const requestId = requestIdOf(request);
    const problem = forProtocolOf(path, toProblem(OVERLOADED, requestId));
    this.metrics.countRefused('POST', route.pattern, problem.status, problem.code);
    this.logger.debug({ requestId, route: route.pattern, code: problem.code }, 'request refused');
    const body = JSON.stringify(problem);
    response.writeHead(problem.status, {
      ...commonHeaders(requestId),
      'Retry-After': retryAfterSeconds(OVERLOADED),
      'Content-Type': PROBLEM_TYPE,
      'Content-Length': Buffer.byteLength(body),
    });
    response.end(body);
    return true;
  }
}

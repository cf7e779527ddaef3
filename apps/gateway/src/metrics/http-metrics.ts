import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Registry } from 'prom-client';
import { Counter, Histogram } from '#metrics';
import { SECONDS } from './buckets.js';
import { templateOf } from '../http/route-pattern.js';

declare module 'fastify' {
  interface FastifyReply {
    /** Code of the problem that is answered; empty where there is none. */
    problemCode: string;
  }
}

/** What is not a route of ours has this label, whatever was asked for. */
const UNMATCHED = 'unmatched';
/** nginx's status of a request whose caller went before it was answered. */
const CALLER_GONE = '499';
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/**
 * Counts and times what the API answers. Labels are taken from fixed sets alone: the pattern of a
 * route and never a path, common methods, our own codes. No request can add to them.
 */
export class HttpMetrics {
  private readonly requests: Counter;
  private readonly durations: Histogram;
  private readonly templates = new Map<string, string>();

  constructor(registry: Registry) {
    this.requests = new Counter({
      name: 'gateway_http_requests_total',
      help: 'Requests answered, by route pattern, status and problem code; 499: the caller had gone.',
      labelNames: ['method', 'route', 'status', 'code'],
      registry,
    });
    this.durations = new Histogram({
      name: 'gateway_http_request_duration_seconds',
      help: "From a request's headers to the end of its answer.",
      labelNames: ['method', 'route'],
      buckets: SECONDS,
      registry,
    });
  }

  /** Watches every request from now on. */
  watch(fastify: FastifyInstance): void {
    fastify.decorateReply('problemCode', '');
    fastify.addHook('onRequest', (request, reply, done) => {
      // Comes once, whether the answer was finished or its connection broke.
      reply.raw.once('close', () => {
        this.count(request, reply);
      });
      done();
    });
  }

  /** What the router itself refuses gets to no hook. */
  countUnroutable(method: string, status: number, code: string): void {
    this.requests.inc(1, labelOf(method), UNMATCHED, String(status), code);
  }

  /** What is refused in front of the router gets to none either; its time is that of no work. */
  countRefused(method: string, pattern: string, status: number, code: string): void {
    this.requests.inc(1, method, this.templateOf(pattern), String(status), code);
  }

  /** Kept by pattern, of which there are as many as routes. */
  private templateOf(pattern: string | undefined): string {
    if (pattern === undefined) return UNMATCHED;
    let template = this.templates.get(pattern);
    if (template === undefined) this.templates.set(pattern, (template = templateOf(pattern)));
    return template;
  }

  private count(request: FastifyRequest, reply: FastifyReply): void {
    const method = labelOf(request.method);
    const route = this.templateOf(request.routeOptions.url);
    const isAnswered = reply.raw.writableFinished;
    const status = isAnswered ? reply.statusCode : CALLER_GONE;
    const code = isAnswered ? reply.problemCode : '';
    this.requests.inc(1, method, route, String(status), code);
    this.durations.labels(method, route).observe(reply.elapsedTime / 1000);
  }
}

function labelOf(method: string): string {
  return METHODS.has(method) ? method : 'other';
}

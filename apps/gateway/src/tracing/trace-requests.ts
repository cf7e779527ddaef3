import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { readTraceContext, type Span, type TraceContext, type Tracing } from '#tracing';
import { isProbe } from '../health/is-probe.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** The trace that the request is a part of: ours, or the caller's where we make none. */
    traceContext: TraceContext | undefined;
    span: Span | undefined;
  }
}

/**
 * Makes each request but probes a span, where spans are made, and lets its log lines name the trace
 * that it is a part of, be it only the caller's.
 */
export function traceRequests(fastify: FastifyInstance, tracing: Tracing | undefined): void {
  fastify.decorateRequest('traceContext', undefined);
  fastify.decorateRequest('span', undefined);
  fastify.addHook('onRequest', (request, reply, done) => {
    const { traceparent, tracestate } = request.headers;
    const caller = readTraceContext(traceparent, tracestate);
    if (tracing !== undefined && !isProbe(request.routeOptions.url)) {
      request.span = spanOf(request, reply, tracing, caller);
    }
    request.traceContext = request.span?.context ?? caller;
    if (request.traceContext !== undefined) nameTrace(request, reply, request.traceContext);
    done();
  });
  if (tracing === undefined) return;
  // Only now, since the body comes with events that are no part of the request's work.
  fastify.addHook('preHandler', (request, _reply, done) => {
    if (request.span === undefined) done();
    else request.span.run(done);
  });
}

function spanOf(
  request: FastifyRequest,
  reply: FastifyReply,
  tracing: Tracing,
  caller: TraceContext | undefined,
): Span {
  const { method, url, routeOptions } = request;
  const route = routeOptions.url;
  const span = tracing.serve(route === undefined ? method : `${method} ${route}`, caller, {
    'http.request.method': method,
    // Without the query, which may hold anything.
    'url.path': url.split('?', 1)[0]!,
    'url.scheme': request.protocol,
    'network.protocol.version': request.raw.httpVersion,
    ...(route === undefined ? {} : { 'http.route': route }),
  });
  // Comes once, whether the answer was finished or its connection broke.
  reply.raw.once('close', () => {
    endOf(span, reply);
  });
  return span;
}

/** What a caller got wrong is no failure of ours, but its code is told. */
function endOf(span: Span, reply: FastifyReply): void {
  if (!reply.raw.writableFinished) {
    span.set({ 'error.type': 'caller_gone' });
    span.end();
    return;
  }
  span.set({ 'http.response.status_code': reply.statusCode });
  if (reply.problemCode !== '') span.set({ 'error.type': reply.problemCode });
  span.end(reply.statusCode >= 500 ? reply.problemCode || String(reply.statusCode) : undefined);
}

function nameTrace(request: FastifyRequest, reply: FastifyReply, context: TraceContext): void {
  const { traceId, spanId } = context;
  request.log = request.log.child({ trace_id: traceId, span_id: spanId });
  reply.log = request.log;
}

import type { FastifyReply, FastifyRequest } from 'fastify';
import { Canceller, type Signal } from '#cancellation';
import { traceHeaders } from '#tracing';
import { CallerGoneError, DeadlinePassedError } from '../errors/errors.js';

/** What one request may still take, handed down to the fetch and to the RPC. */
export interface Call {
  readonly deadline: Date;
  /** Aborted when the caller has gone or the deadline has passed. */
  readonly signal: Signal;
  /** gRPC metadata: who asked, as part of which trace. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** Runs `work` under a deadline counted from the request's arrival. */
export async function withinDeadline<T>(
  request: FastifyRequest,
  reply: FastifyReply,
  timeoutMs: number,
  work: (call: Call) => Promise<T>,
): Promise<T> {
  const leftMs = timeoutMs - reply.elapsedTime;
  if (leftMs <= 0) throw new DeadlinePassedError();
  const caller = new Canceller();
  const onClose = (): void => {
    if (!reply.raw.writableFinished) caller.abort(new CallerGoneError());
  };
  const timer = setTimeout(() => {
    caller.abort(new DeadlinePassedError());
  }, leftMs);
  reply.raw.once('close', onClose);
  const metadata = { 'x-request-id': request.id, ...traceHeaders(request.traceContext) };
  try {
    return await work({ deadline: new Date(Date.now() + leftMs), signal: caller, metadata });
  } catch (error) {
    // While the process ends, what the work is done with may close before the connection tells that it has.
    throw request.raw.socket.destroyed ? new CallerGoneError() : error;
  } finally {
    clearTimeout(timer);
    reply.raw.off('close', onClose);
  }
}

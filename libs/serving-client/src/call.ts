import { type Interceptor, Metadata, status } from '@grpc/grpc-js';
import type { Observable } from 'rxjs';
import type { Signal } from '#cancellation';
import { CallError } from './call-error.js';
import { toDomainError } from './status.js';

export interface CallOptions {
  /** The point in time at which the whole call is given up. */
  deadline: Date;
  /** Goes along as gRPC metadata: `traceparent`, `x-request-id`. */
  metadata?: Record<string, string>;
  /** Cancels the call; the promise then rejects with the signal's reason. */
  signal?: Signal;
}

/** A unary method as Nest's `ClientGrpc` offers it. */
export type UnaryMethod<Request, Response> = (
  request: Request,
  metadata: Metadata,
  options: { deadline: Date; interceptors: Interceptor[] },
) => Observable<Response>;

/**
 * One RPC through Nest's client.
 *
 * @throws an error with gRPC's `code` and `details`; CANCELLED where the signal aborts.
 */
export function unary<Request, Response>(
  method: UnaryMethod<Request, Response>,
  request: Request,
  { deadline, metadata = {}, signal }: CallOptions,
  interceptors: Interceptor[] = [],
): Promise<Response> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const options = { deadline, interceptors };
    let isAnswered = false;
    const subscription = method(request, toGrpcMetadata(metadata), options).subscribe({
      next: (response) => {
        isAnswered = true;
        resolve(response);
      },
      error: reject,
      complete: () => {
        // Only then: an error costs more than the rest of this, for its stack.
        if (!isAnswered) reject(new CallError(status.INTERNAL, 'Ended without an answer'));
      },
    });
    if (signal) {
      const cancel = () => {
        subscription.unsubscribe();
        reject(new CallError(status.CANCELLED, 'Cancelled by the caller'));
      };
      signal.addEventListener('abort', cancel);
      subscription.add(() => {
        signal.removeEventListener('abort', cancel);
      });
    }
  });
}

/** What a failed call is to its caller: a DomainError, or the reason of the signal that cancelled it. */
export function failureOf(error: unknown, signal: Signal | undefined): unknown {
  return signal?.aborted ? signal.reason : toDomainError(error);
}

/** What of a caller's metadata gRPC can carry: an odd header must not cost it the answer. */
export function carried(entries: Record<string, string>): Record<string, string> {
  const able: Record<string, string> = {};
  for (const [key, value] of Object.entries(entries)) {
    if (/^[ -~]*$/.test(value)) able[key] = value;
  }
  return able;
}

function toGrpcMetadata(entries: Record<string, string>): Metadata {
  const metadata = new Metadata();
  for (const [key, value] of Object.entries(entries)) metadata.set(key, value);
  return metadata;
}

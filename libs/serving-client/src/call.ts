import { Metadata, type Interceptor } from '@grpc/grpc-js';
import type { Observable } from 'rxjs';
import { ModelFailedError } from './errors.js';
import { toDomainError } from './status.js';

export interface CallOptions {
  /** The point in time at which the whole call is given up. */
  deadline: Date;
  /** Goes along as gRPC metadata: `traceparent`, `x-request-id`. */
  metadata?: Record<string, string>;
  /** Cancels the call; the promise then rejects with the signal's reason. */
  signal?: AbortSignal;
}

/** A unary method as Nest's `ClientGrpc` offers it. */
export type UnaryMethod<Request, Response> = (
  request: Request,
  metadata: Metadata,
  options: { deadline: Date; interceptors: Interceptor[] },
) => Observable<Response>;

/**
 * One RPC: resolves with the answer, rejects with a `DomainError`, or with the reason of the signal
 * that cancelled it.
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
      error: (error: unknown) => {
        reject(toDomainError(error));
      },
      complete: () => {
        // Only then: an error costs more than the rest of this, for its stack.
        if (!isAnswered) reject(new ModelFailedError());
      },
    });
    if (signal) {
      const cancel = () => {
        subscription.unsubscribe();
        reject(signal.reason as Error);
      };
      signal.addEventListener('abort', cancel);
      subscription.add(() => {
        signal.removeEventListener('abort', cancel);
      });
    }
  });
}

/** Values that gRPC cannot carry are left out: a caller's odd header must not cost it the answer. */
function toGrpcMetadata(entries: Record<string, string>): Metadata {
  const metadata = new Metadata();
  for (const [key, value] of Object.entries(entries)) {
    if (/^[ -~]*$/.test(value)) {
      metadata.set(key, value);
    }
  }
  return metadata;
}

import type { status } from '@grpc/grpc-js';

/** A call that did not end well, in gRPC's terms; `details` are the server's words or gRPC's. */
export class CallError extends Error {
  constructor(
    readonly code: status,
    readonly details: string,
  ) {
    super(details);
    this.name = 'CallError';
  }
}

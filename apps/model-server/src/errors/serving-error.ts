import { status } from '@grpc/grpc-js';
import { RpcException } from '@nestjs/microservices';

/** Longest text sent: clients bound the trailers that carry it (8 KiB and up). */
const MAX_DETAILS_LENGTH = 2000;

/** A failure that the caller is told of, as a gRPC status. */
export class ServingError extends RpcException {
  constructor(
    readonly code: status,
    details: string,
  ) {
    super({ code, message: sendable(details) });
    this.name = new.target.name;
  }
}

/** Cut, and without the lone surrogates that percent-encoding refuses. */
function sendable(details: string): string {
  return details.slice(0, MAX_DETAILS_LENGTH).replace(/\p{Surrogate}/gu, '\ufffd');
}

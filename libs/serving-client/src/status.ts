import { status } from '@grpc/grpc-js';
import type { DomainError } from '#errors';
import {
  DeadlineExceededError,
  ModelFailedError,
  ModelNotFoundError,
  ModelUnavailableError,
  OverloadedError,
} from './errors.js';

// What the generic codes stand for is only in TensorFlow Serving's own words.
const UNKNOWN_LABEL = /^Unrecognized servable version label: /;
const UNKNOWN_SIGNATURE = /^Serving signature key ".*" not found\.$/s;
const FAILURE_INSIDE_THE_GRAPH = /\{\{node /;
const MESSAGE_TOO_LARGE = /larger than|exceeds maximum size/i;

/**
 * What a failed RPC means to the caller. The server's words, and the addresses in gRPC's, stay in
 * `cause`.
 */
export function toDomainError(cause: unknown): DomainError {
  const { code, details = '' } = cause as { code?: status; details?: string };
  const options = { cause };
  switch (code) {
    case status.UNAVAILABLE:
    case status.CANCELLED:
      // Not by the caller, whose signal rejects on its own: the server let go of the call, as one
      // that shuts down does.
      return new ModelUnavailableError(options);
    case status.DEADLINE_EXCEEDED:
      return new DeadlineExceededError(options);
    case status.RESOURCE_EXHAUSTED:
      // The same code for a message past a size limit, which no later attempt would mend.
      return MESSAGE_TOO_LARGE.test(details)
        ? new ModelFailedError(options)
        : new OverloadedError(options);
    case status.NOT_FOUND:
      // Also how a broken model ends that lacks one of its variables.
      return FAILURE_INSIDE_THE_GRAPH.test(details)
        ? new ModelFailedError(options)
        : new ModelNotFoundError(options);
    case status.INVALID_ARGUMENT:
      return UNKNOWN_LABEL.test(details)
        ? new ModelNotFoundError(options)
        : new ModelFailedError(options);
    case status.FAILED_PRECONDITION:
      return UNKNOWN_SIGNATURE.test(details)
        ? new ModelNotFoundError(options)
        : new ModelFailedError(options);
    default:
      return new ModelFailedError(options);
  }
}

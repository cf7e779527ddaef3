import { DomainError } from '#errors';
import { CommandError, ServerError } from '../frame/errors.js';

/** What a failed call of a server at `address` means, with the server's own words where it had any. */
export function serverError(error: unknown, address: string, model: string): unknown {
  if (error instanceof CommandError || !(error instanceof DomainError)) return error;
  const { details } = (error.cause ?? {}) as { details?: string };
  const said = details === undefined ? error.publicMessage : details;
  const options = { cause: error };
  switch (error.code) {
    case 'MODEL_NOT_FOUND':
      return new ServerError(`${address} has no such model or version: ${said}`, options);
    case 'MODEL_UNAVAILABLE':
      return new ServerError(`${address} does not answer for ${model}: ${said}`, {
        ...options,
        hint: 'Is it running, and is this its gRPC port (8500 by default, not the REST port 8501)?',
      });
    case 'DEADLINE_EXCEEDED':
      return new ServerError(`${address} did not answer in time`, {
        ...options,
        hint: 'Give it longer with --timeout, in seconds.',
      });
    default:
      return new ServerError(`${address} answered with an error: ${said}`, options);
  }
}

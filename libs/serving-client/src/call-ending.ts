import { constants, type IncomingHttpHeaders } from 'node:http2';
import { status } from '@grpc/grpc-js';

export interface Ending {
  readonly code: status;
  readonly details: string;
}

/** As trailers name them. */
const CODES = new Map(
  Object.values(status)
    .filter((code) => typeof code !== 'string')
    .map((code) => [String(code), code]),
);

/** What an answer of another HTTP status means ("HTTP to gRPC Status Code Mapping"). */
const HTTP_STATUSES = new Map([
  [400, status.INTERNAL],
  [401, status.UNAUTHENTICATED],
  [403, status.PERMISSION_DENIED],
  [404, status.UNIMPLEMENTED],
  [429, status.UNAVAILABLE],
  [502, status.UNAVAILABLE],
  [503, status.UNAVAILABLE],
  [504, status.UNAVAILABLE],
]);

/** What a stream means that is reset ("gRPC over HTTP/2", "Errors"). */
const RESETS = new Map<number | undefined, Ending>([
  [
    constants.NGHTTP2_REFUSED_STREAM,
    { code: status.UNAVAILABLE, details: 'Stream refused by server' },
  ],
  [constants.NGHTTP2_CANCEL, { code: status.CANCELLED, details: 'Call cancelled' }],
  [
    constants.NGHTTP2_ENHANCE_YOUR_CALM,
    { code: status.RESOURCE_EXHAUSTED, details: 'Bandwidth exhausted or memory limit exceeded' },
  ],
  [
    constants.NGHTTP2_INADEQUATE_SECURITY,
    { code: status.PERMISSION_DENIED, details: 'Protocol not secure enough' },
  ],
]);

export const DROPPED: Ending = { code: status.UNAVAILABLE, details: 'Connection dropped' };

/** The status that a server gives with its trailers. */
export function endingOfTrailers(trailers: IncomingHttpHeaders, httpStatus?: number): Ending {
  const code = trailers['grpc-status'];
  if (typeof code === 'string') {
    return {
      code: CODES.get(code) ?? status.UNKNOWN,
      details: decoded(trailers['grpc-message']),
    };
  }
  return (
    endingOfHttp(httpStatus) ?? { code: status.UNKNOWN, details: 'No status information received' }
  );
}

/** How a stream ended that had no trailers. */
export function endingOfStream(
  rstCode: number | undefined,
  httpStatus?: number,
  cause?: NodeJS.ErrnoException,
): Ending {
  if (cause?.code === 'ECONNRESET' || cause?.code === 'ETIMEDOUT' || cause?.code === 'EPIPE') {
    return { code: status.UNAVAILABLE, details: cause.message };
  }
  const known = RESETS.get(rstCode) ?? (rstCode === 0 ? endingOfHttp(httpStatus) : undefined);
  const because = cause === undefined ? '' : `: ${cause.message}`;
  return known ?? { code: status.INTERNAL, details: `Stream ended with code ${rstCode}${because}` };
}

function endingOfHttp(httpStatus: number | undefined): Ending | undefined {
  if (httpStatus === undefined || httpStatus === 200) return undefined;
  return {
    code: HTTP_STATUSES.get(httpStatus) ?? status.UNKNOWN,
    details: `Received HTTP status code ${httpStatus}`,
  };
}

/** `grpc-message` is percent-encoded, by most servers. */
function decoded(message: string | string[] | undefined): string {
  const text = String(message ?? '');
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

import type { Problem, ProblemCode } from './types.js';

/**
 * What went wrong: a code of the gateway's, or one of the client's own. `UNREACHABLE`: no connection,
 * or one that broke; `TIMEOUT`: the call's own time is over; `UNEXPECTED_ANSWER`: something else than
 * the gateway answered, such as a proxy.
 */
export type GatewayErrorCode = ProblemCode | 'UNREACHABLE' | 'TIMEOUT' | 'UNEXPECTED_ANSWER';

export interface GatewayErrorInit extends ErrorOptions {
  readonly code: GatewayErrorCode;
  readonly detail: string;
  readonly status?: number;
  readonly requestId?: string;
  readonly retryAfter?: number;
}

/** A call that failed. */
export class GatewayError extends Error {
  override readonly name = 'GatewayError';
  readonly code: GatewayErrorCode;
  /** What went wrong, for people. */
  readonly detail: string;
  /** Of the HTTP answer; undefined where there was none. */
  readonly status: number | undefined;
  /** The request's name in the gateway's log. */
  readonly requestId: string | undefined;
  /** Seconds after which to ask again, where the gateway says so. */
  readonly retryAfter: number | undefined;

  constructor({ code, detail, status, requestId, retryAfter, ...options }: GatewayErrorInit) {
    super(`${code}: ${detail}`, options);
    this.code = code;
    this.detail = detail;
    this.status = status;
    this.requestId = requestId;
    this.retryAfter = retryAfter;
  }
}

/** A problem that the gateway has answered, or put into the place of one image. */
export function errorOfProblem(problem: Problem, retryAfter?: number): GatewayError {
  const { code, detail, status, requestId } = problem;
  return new GatewayError({ code, detail, status, requestId, retryAfter });
}

/** An answer that is not a success. */
export async function errorOfResponse(response: Response): Promise<GatewayError> {
  const retryAfter = retryAfterOf(response.headers);
  const body = (await response.json().catch(() => undefined)) as unknown;
  if (isProblem(body)) return errorOfProblem(body, retryAfter);
  return new GatewayError({
    code: 'UNEXPECTED_ANSWER',
    detail: `Expected a problem but received status ${response.status}.`,
    status: response.status,
    requestId: response.headers.get('x-request-id') ?? undefined,
    retryAfter,
  });
}

function isProblem(body: unknown): body is Problem {
  if (typeof body !== 'object' || body === null) return false;
  const { code, detail, status } = body as Record<string, unknown>;
  return typeof code === 'string' && typeof detail === 'string' && typeof status === 'number';
}

/** RFC 9110, 10.2.3: seconds, or, as proxies may have it, a date. */
function retryAfterOf(headers: Headers): number | undefined {
  const text = headers.get('retry-after');
  if (text === null) return undefined;
  if (/^\d+$/.test(text)) return Number(text);
  const seconds = (Date.parse(text) - Date.now()) / 1000;
  return Number.isNaN(seconds) ? undefined : Math.max(0, Math.ceil(seconds));
}

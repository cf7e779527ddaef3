import { errorOfResponse, GatewayError } from './errors.js';
import type { Body } from './image-body.js';
import type { CallOptions } from './types.js';
import { wait } from './wait.js';

export interface TransportOptions {
  /** Where the gateway is, such as `https://images.example.com/` or `location.origin`. */
  readonly url: string | URL;
  /** Sent as `X-API-Key`, where the gateway asks for one. */
  readonly apiKey?: string;
  /** For a whole call, waits and repetitions included; 30 s where it is left out. */
  readonly timeoutMs?: number;
  /** So often a call is repeated that the gateway has put off with Retry-After; 2 where it is left out. */
  readonly retries?: number;
  /** Instead of the platform's own. */
  readonly fetch?: typeof globalThis.fetch;
}

export interface Call extends CallOptions {
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: Body;
  /** A failure's status that is an answer as well. */
  readonly alsoAnswer?: number;
}

/** Spreads those that were put off together, so that they do not come back together. */
const JITTER_MS = 250;

/** HTTP to one gateway: keys, time limits, repetitions, and failures as `GatewayError`. */
export class Transport {
  private readonly base: URL;
  private readonly timeoutMs: number;
  private readonly retries: number;
  private readonly fetch: typeof globalThis.fetch;
  private readonly headers: Readonly<Record<string, string>>;

  /** @throws TypeError where the URL is none */
  constructor({ url, apiKey, timeoutMs = 30_000, retries = 2, fetch }: TransportOptions) {
    this.base = new URL(url);
    if (!this.base.pathname.endsWith('/')) this.base.pathname += '/';
    this.timeoutMs = timeoutMs;
    this.retries = retries;
    // Browsers refuse to run it as a method of something else.
    this.fetch = fetch ?? ((...request) => globalThis.fetch(...request));
    this.headers = apiKey === undefined ? {} : { 'x-api-key': apiKey };
  }

  /**
   * The whole answer of a success.
   *
   * @throws GatewayError; the reason of the caller's signal
   */
  async ask(call: Call): Promise<{ answer: unknown; response: Response }> {
    const timeoutMs = call.timeoutMs ?? this.timeoutMs;
    const endsAt = Date.now() + timeoutMs;
    const timeout = AbortSignal.timeout(timeoutMs);
    const signal = call.signal ? AbortSignal.any([call.signal, timeout]) : timeout;
    try {
      for (let retry = 0; ; retry++) {
        signal.throwIfAborted();
        const response = await this.send(call, signal);
        if (response.ok || response.status === call.alsoAnswer) {
          return { answer: (await response.json()) as unknown, response };
        }
        const error = await errorOfResponse(response);
        const waitMs = (error.retryAfter ?? Infinity) * 1000 + Math.random() * JITTER_MS;
        // A wait that ends after the call's time would only bring the failure later.
        if (retry >= this.retries || Date.now() + waitMs >= endsAt) throw error;
        await wait(waitMs, signal);
      }
    } catch (error) {
      throw explained(error, call.signal, timeout);
    }
  }

  private send(
    { path, query = {}, body, requestId }: Call,
    signal: AbortSignal,
  ): Promise<Response> {
    const url = new URL(path, this.base);
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) url.searchParams.set(name, String(value));
    }
    return this.fetch(url, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        accept: 'application/json, application/problem+json',
        ...this.headers,
        ...(requestId !== undefined && { 'x-request-id': requestId }),
        ...(body && { 'content-type': body.type }),
      },
      body: body?.content,
      signal,
    });
  }
}

function explained(error: unknown, caller: AbortSignal | undefined, timeout: AbortSignal): unknown {
  if (caller?.aborted) return caller.reason;
  if (error instanceof GatewayError) return error;
  const options = { cause: error };
  if (timeout.aborted) {
    return new GatewayError({ code: 'TIMEOUT', detail: 'The call took too long.', ...options });
  }
  if ((error as Partial<Error>).name === 'SyntaxError') {
    const detail = 'Expected JSON but received something else.';
    return new GatewayError({ code: 'UNEXPECTED_ANSWER', detail, ...options });
  }
  const detail = 'The gateway could not be reached, or broke off.';
  return new GatewayError({ code: 'UNREACHABLE', detail, ...options });
}

/** Where a piece of work stands in a trace: W3C Trace Context, as headers carry it. */
export interface TraceContext {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** Of the span that whoever is sent the headers has as its parent; 16 hexadecimal digits. */
  readonly spanId: string;
  readonly traceparent: string;
  /** What tracing systems noted of the trace; undefined where none did. */
  readonly tracestate: string | undefined;
}

/** What versions after 00 may add is bounded: it is sent on, and others bound their headers. */
const TRACEPARENT = /^([\da-f]{2})-([\da-f]{32})-([\da-f]{16})-[\da-f]{2}(-[ -~]{0,128})?$/;
/** As much as every implementation hands on. */
const TRACESTATE = /^[ -~]{1,512}$/;
const ZEROS = /^0+$/;

/**
 * The context that a caller sent, as HTTP headers or gRPC metadata; undefined where it sent none, or
 * one that is not as the specification has it and must not be handed on.
 */
export function readTraceContext(
  traceparent: unknown,
  tracestate: unknown,
): TraceContext | undefined {
  const match = typeof traceparent === 'string' ? TRACEPARENT.exec(traceparent) : null;
  if (match === null) return undefined;
  const [whole, version, traceId, spanId, rest] = match as unknown as [
    ...[string, string, string, string],
    string | undefined,
  ];
  if (version === 'ff' || (version === '00' && rest !== undefined)) return undefined;
  if (ZEROS.test(traceId) || ZEROS.test(spanId)) return undefined;
  const isUsable = typeof tracestate === 'string' && TRACESTATE.test(tracestate);
  return { traceId, spanId, traceparent: whole, tracestate: isUsable ? tracestate : undefined };
}

/** The context as it is sent on. */
export function traceHeaders(context: TraceContext | undefined): Record<string, string> {
  if (context === undefined) return {};
  const { traceparent, tracestate } = context;
  return tracestate === undefined ? { traceparent } : { traceparent, tracestate };
}

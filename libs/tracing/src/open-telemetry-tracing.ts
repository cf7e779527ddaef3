import { AsyncLocalStorage } from 'node:async_hooks';
import {
  createTraceState,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Context,
  type Span as ApiSpan,
  type Tracer,
} from '@opentelemetry/api';
import type { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
import type { TraceContext } from './trace-context.js';
import type { Attributes, Span, Tracing } from './tracing.js';

/** The receiver may be gone; a process that stops does not wait for it longer. */
const FLUSH_TIMEOUT_MS = 3000;

export class OpenTelemetryTracing implements Tracing {
  private readonly tracer: Tracer;
  private readonly current = new AsyncLocalStorage<OpenTelemetrySpan>();

  constructor(
    private readonly provider: BasicTracerProvider,
    name: string,
  ) {
    this.tracer = provider.getTracer(name);
  }

  serve(name: string, caller: TraceContext | undefined, attributes: Attributes): Span {
    const clock = new Clock();
    const parent = caller === undefined ? ROOT_CONTEXT : remoteParent(caller);
    const options = {
      kind: SpanKind.SERVER,
      attributes: { ...attributes },
      startTime: clock.now(),
    };
    return this.wrap(this.tracer.startSpan(name, options, parent), clock);
  }

  call(name: string, attributes: Attributes): Span | undefined {
    const parent = this.current.getStore();
    if (parent === undefined) return undefined;
    const { clock } = parent;
    const options = {
      kind: SpanKind.CLIENT,
      attributes: { ...attributes },
      startTime: clock.now(),
    };
    return this.wrap(this.tracer.startSpan(name, options, parent.asParent), clock);
  }

  record(name: string, seconds: number, agoSeconds = 0): void {
    const parent = this.current.getStore();
    if (parent === undefined) return;
    const end = parent.clock.now() - agoSeconds * 1000;
    const options = { startTime: end - seconds * 1000 };
    this.tracer.startSpan(name, options, parent.asParent).end(end);
  }

  async close(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, FLUSH_TIMEOUT_MS);
    });
    await Promise.race([this.provider.shutdown().catch(() => undefined), timeout]);
    clearTimeout(timer);
  }

  private wrap(span: ApiSpan, clock: Clock): OpenTelemetrySpan {
    return new OpenTelemetrySpan(span, clock, this.current);
  }
}

/** Milliseconds since the epoch, of one trace: the system's clock can be set in between. */
class Clock {
  private readonly offset = Date.now() - performance.now();

  now(): number {
    return this.offset + performance.now();
  }
}

class OpenTelemetrySpan implements Span {
  readonly asParent: Context;

  constructor(
    private readonly span: ApiSpan,
    readonly clock: Clock,
    private readonly current: AsyncLocalStorage<OpenTelemetrySpan>,
  ) {
    this.asParent = trace.setSpan(ROOT_CONTEXT, span);
  }

  get context(): TraceContext {
    const { traceId, spanId, traceFlags, traceState } = this.span.spanContext();
    const flags = traceFlags.toString(16).padStart(2, '0');
    const tracestate = traceState?.serialize();
    return {
      traceId,
      spanId,
      traceparent: `00-${traceId}-${spanId}-${flags}`,
      tracestate: tracestate === '' ? undefined : tracestate,
    };
  }

  run<T>(work: () => T): T {
    return this.current.run(this, work);
  }

  set(attributes: Attributes): void {
    this.span.setAttributes({ ...attributes });
  }

  end(failure?: string): void {
    if (failure !== undefined) {
      this.span.setAttribute('error.type', failure);
      this.span.setStatus({ code: SpanStatusCode.ERROR });
    }
    this.span.end(this.clock.now());
  }
}

function remoteParent({ traceId, spanId, traceparent, tracestate }: TraceContext): Context {
  return trace.setSpanContext(ROOT_CONTEXT, {
    traceId,
    spanId,
    // Of the flags, this version knows the first: sampled.
    traceFlags: Number.parseInt(traceparent.slice(53, 55), 16) & 1,
    traceState: tracestate === undefined ? undefined : createTraceState(tracestate),
    isRemote: true,
  });
}

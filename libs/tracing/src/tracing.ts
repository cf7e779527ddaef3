import type { TraceContext } from './trace-context.js';

export type Attributes = Readonly<Record<string, string | number | boolean>>;

/** A piece of work in a trace. */
export interface Span {
  /** For whatever is asked as a part of it, and for the log. */
  readonly context: TraceContext;
  /** Runs `work` so that the spans started in it are parts of this one. */
  run<T>(work: () => T): T;
  set(attributes: Attributes): void;
  /** @param failure what went wrong, from a fixed set of words; undefined where nothing did */
  end(failure?: string): void;
}

/** Makes spans, and sends them off when they have ended. Attributes are OpenTelemetry's. */
export interface Tracing {
  /** Work that was asked for from outside, as a part of the caller's trace where it has one. */
  serve(name: string, caller: TraceContext | undefined, attributes: Attributes): Span;
  /** A call to elsewhere, as a part of the current work; undefined where there is none. */
  call(name: string, attributes: Attributes): Span | undefined;
  /** A stage of the current work that ended `agoSeconds` before now; ignored where there is none. */
  record(name: string, seconds: number, agoSeconds?: number): void;
  /** Sends what has not been sent yet, for as long as that may take. Never rejects. */
  close(): Promise<void>;
}

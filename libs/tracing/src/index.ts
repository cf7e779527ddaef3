export { TracingConfig } from './config.js';
export { readTraceContext, traceHeaders, type TraceContext } from './trace-context.js';
export { startTracing } from './start-tracing.js';
export type { Attributes, Span, Tracing } from './tracing.js';

export { TracingConfig } from './config.js';
export { readTraceContext, traceHeaders, type TraceContext } from './trace-context.js';
export { startTracing, type Attributes, type Span, type Tracing } from './tracing.js';

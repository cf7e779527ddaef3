/** Injection token of the gateway's `Tracing`; undefined where nothing is traced. */
export const TRACING = Symbol('tracing');

export { Counter, type CounterOptions } from './counter.js';
export { Histogram, Observations, type HistogramOptions } from './histogram.js';
export { MetricsServer, type MetricsServerOptions } from './metrics-server.js';

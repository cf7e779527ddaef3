export { MetricsServer, type MetricsServerOptions } from './metrics-server.js';

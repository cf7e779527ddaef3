export type { BatchPlace } from './classification.js';
export { GatewayError, type GatewayErrorCode } from './errors.js';
export {
  GatewayClient,
  type BatchPrediction,
  type GatewayClientOptions,
} from './gateway-client.js';
export type * from './types.js';
export type { components } from './openapi.js';

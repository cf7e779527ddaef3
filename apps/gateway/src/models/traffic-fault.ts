import type { ModelSpec } from '#model-spec';
import type { GatewayConfig } from '../config/gateway-config.js';

/**
 * What answers requests by default is said once.
 *
 * @returns what contradicts itself, for the model of the configuration's version or label
 */
export function trafficFaultOf(
  config: GatewayConfig,
  { name, traffic }: ModelSpec,
): string | undefined {
  const isChosen = config.MODEL_VERSION !== undefined || config.MODEL_VERSION_LABEL !== undefined;
  return isChosen && traffic !== undefined && name === config.MODEL_NAME
    ? 'traffic cannot be shared where MODEL_VERSION or MODEL_VERSION_LABEL is set'
    : undefined;
}

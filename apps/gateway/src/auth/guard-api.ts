import type { FastifyInstance } from 'fastify';
import type { Logger } from '#logging';
import type { GatewayConfig } from '../config/gateway-config.js';
import { UnauthenticatedError } from '../errors/errors.js';
import type { RateLimit } from '../rate-limit/rate-limit.js';
import { acceptedKey } from './accepted-key.js';
import { ApiKeys } from './api-keys.js';
import { ApiKeysFile } from './api-keys-file.js';

/**
 * Refuses what asks too often, or, where keys are set, without one, for a route that `Guarded`
 * marks and that is yet to be added. It does so before the body is read: what is refused costs next
 * to nothing. Who has no accepted key is counted by address, so that guessing is limited as well.
 */
export function guardApi(
  fastify: FastifyInstance,
  { API_KEYS, API_KEYS_FILE }: GatewayConfig,
  rateLimit: RateLimit,
  logger: Logger,
): void {
  // Fixed for the life of the process: a file can bring other keys, but never none.
  const keys = API_KEYS.length === 0 ? undefined : new ApiKeys(API_KEYS);
  if (keys === undefined && !rateLimit.isOn) return;
  rateLimit.watch(fastify);
  fastify.addHook('onRoute', (route) => {
    if (route.config?.isGuarded !== true) return;
    route.onRequest = [route.onRequest ?? []].flat();
    route.onRequest.push((request, _reply, done) => {
      const key = keys && acceptedKey(request.headers, keys);
      rateLimit.admit(request, key);
      if (keys !== undefined && key === undefined) throw new UnauthenticatedError();
      done();
    });
  });
  if (keys === undefined || API_KEYS_FILE === undefined) return;
  const file = new ApiKeysFile(API_KEYS_FILE, keys, logger);
  fastify.addHook('onClose', (_instance, done) => {
    file.stop();
    done();
  });
}

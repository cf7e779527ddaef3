import type { FastifyInstance } from 'fastify';
import type { Logger } from '#logging';
import type { GatewayConfig } from '../config/gateway-config.js';
import { UnauthenticatedError } from '../errors/errors.js';
import { ApiKeys } from './api-keys.js';
import { ApiKeysFile } from './api-keys-file.js';
import { isAuthenticated } from './is-authenticated.js';

/**
 * Where keys are set, refuses what comes without one to a route that `NeedsApiKey` marks and that
 * is yet to be added. It does so before the body is read: whoever has no key costs next to nothing.
 */
export function guardApi(
  fastify: FastifyInstance,
  { API_KEYS, API_KEYS_FILE }: GatewayConfig,
  logger: Logger,
): void {
  // Fixed for the life of the process: a file can bring other keys, but never none.
  if (API_KEYS.length === 0) return;
  const keys = new ApiKeys(API_KEYS);
  fastify.addHook('onRoute', (route) => {
    if (route.config?.needsApiKey !== true) return;
    route.onRequest = [route.onRequest ?? []].flat();
    route.onRequest.push((request, _reply, done) => {
      if (isAuthenticated(request.headers, keys)) done();
      else done(new UnauthenticatedError());
    });
  });
  if (API_KEYS_FILE === undefined) return;
  const file = new ApiKeysFile(API_KEYS_FILE, keys, logger);
  fastify.addHook('onClose', (_instance, done) => {
    file.stop();
    done();
  });
}

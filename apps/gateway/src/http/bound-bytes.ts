import type { FastifyInstance } from 'fastify';
import type { GatewayConfig } from '../config/gateway-config.js';
import { BodyBudget } from './body-budget.js';
import { holdBytes, watchHeldBytes } from './held-bytes.js';
import { manyImagesBudget, manyImagesMaxBytes } from './many-images.js';

/** Of an image that a place is reckoned with; larger ones leave room for fewer. */
const EVERYDAY_IMAGE_BYTES = 4 * 1024 * 1024;

/**
 * Bounds what the bodies of predictions, of routes that are yet to be added, and the images behind their
 * links hold all together. A body holds no place while it is on its way, so that slow clients keep nobody
 * out.
 */
export function boundBytes(fastify: FastifyInstance, config: GatewayConfig): void {
  const all = new BodyBudget(
    Math.max(config.MAX_INFLIGHT * EVERYDAY_IMAGE_BYTES, manyImagesMaxBytes(config)),
  );
  const many = manyImagesBudget(config);
  watchHeldBytes(fastify);
  fastify.addHook('onRoute', (route) => {
    if (route.config?.isGuarded !== true || route.method !== 'POST') return;
    const body = route.config.manyImages === undefined ? [all] : [many, all];
    const budgets = { body, links: [all] };
    route.onRequest = [route.onRequest ?? []].flat();
    route.onRequest.push((request, reply, done) => {
      holdBytes(request, reply, budgets);
      done();
    });
  });
}

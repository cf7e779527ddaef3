import type { FastifyInstance } from 'fastify';
import type { GatewayConfig } from '../config/gateway-config.js';
import { answerProblem } from '../errors/answer-problem.js';
import { TooManyRequestsInWorkError } from '../errors/errors.js';
import type { InFlight } from '../prediction/in-flight.js';
import { BodyBudget } from './body-budget.js';
import { holdBytes, watchHeldBytes } from './held-bytes.js';
import { manyImagesBudget, manyImagesMaxBytes } from './many-images.js';

/** One for all: to throw and to log each would cost more than the rest of a refusal. */
const OVERLOADED = new TooManyRequestsInWorkError();
/** Of an image that a place is reckoned with; larger ones leave room for fewer. */
const EVERYDAY_IMAGE_BYTES = 4 * 1024 * 1024;

/**
 * Refuses predictions, of routes that are yet to be added, while as many images are in work as may be,
 * before their bodies are read, and bounds what bodies and the images behind links hold all together. A body holds no place while it
 * is on its way, so that slow clients keep nobody out.
 */
export function guardOverload(
  fastify: FastifyInstance,
  config: GatewayConfig,
  inFlight: InFlight,
): void {
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
      if (inFlight.isFull) {
        inFlight.refuse();
        answerProblem(request, reply, OVERLOADED);
        return;
      }
      holdBytes(request, reply, budgets);
      done();
    });
  });
}

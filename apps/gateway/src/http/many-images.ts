import { constants } from 'node:buffer';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { AddRouteConfig } from './route-config.js';
import { BodyBudget } from './body-budget.js';
import type { GatewayConfig } from '../config/gateway-config.js';
import { UnsupportedMediaTypeError } from '../errors/errors.js';

/**
 * How the body of a request of many images is told: by its type alone; always JSON, as TensorFlow
 * Serving takes it; or JSON that may be followed by binary data, as the Open Inference Protocol has it.
 */
export type ManyImagesBody = 'typed' | 'json' | 'json-and-binary';

declare module 'fastify' {
  interface FastifyContextConfig {
    manyImages?: ManyImagesBody;
  }
}

export const BINARY_TYPE = 'application/octet-stream';
const JSON_TYPE = 'application/json';

/** Images of the largest size that one request may hold. */
const LARGEST_IMAGES = 3;
/** JSON around an image, or a link instead of it. */
const BYTES_AROUND_IMAGE = 4096;
/** Room for some batches of everyday sizes side by side. */
const MIN_BUDGET_BYTES = 96 * 1024 * 1024;

/** Marks a route whose requests hold many images, and so larger bodies. */
export function TakesManyImages(body: ManyImagesBody): MethodDecorator {
  return AddRouteConfig({ manyImages: body });
}

/** The longest body with many images, bytes: three of the largest images, in base64. */
export function manyImagesMaxBytes(config: GatewayConfig): number {
  const images = Math.min(LARGEST_IMAGES, config.BATCH_MAX_IMAGES);
  const base64 = Math.ceil((images * config.IMAGE_MAX_BYTES) / 3) * 4;
  const bytes = base64 + config.BATCH_MAX_IMAGES * BYTES_AROUND_IMAGE;
  // JSON is parsed from a string.
  return Math.min(bytes, constants.MAX_STRING_LENGTH);
}

/** What all bodies of requests with many images may hold together. */
export function manyImagesBudget(config: GatewayConfig): BodyBudget {
  return new BodyBudget(Math.max(manyImagesMaxBytes(config), MIN_BUDGET_BYTES));
}

/** Settles the type of the bodies of marked routes. */
export function settleManyImages(fastify: FastifyInstance): void {
  fastify.addHook('onRoute', (route) => {
    const body = route.config?.manyImages;
    if (body === undefined) return;
    route.onRequest = [route.onRequest ?? []].flat();
    route.onRequest.push((request, _reply, done) => {
      const type = typeOf(request, body);
      if (type !== undefined) request.headers['content-type'] = type;
      done(type === undefined ? new UnsupportedMediaTypeError(JSON_TYPE) : undefined);
    });
  });
}

function typeOf({ headers }: FastifyRequest, body: ManyImagesBody): string | undefined {
  if (body === 'json-and-binary' && 'inference-header-content-length' in headers) {
    return BINARY_TYPE;
  }
  const type = headers['content-type'];
  if (body === 'typed' && !/^application\/json\b/i.test(type ?? '')) return undefined;
  return JSON_TYPE;
}

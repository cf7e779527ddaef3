import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { GatewayConfig } from '../config/gateway-config.js';
import {
  BodyTooLargeError,
  ImageTooManyBytesError,
  UnsupportedMediaTypeError,
} from '../errors/errors.js';
import { parseJson } from './json-body.js';
import { FORM_SLACK_BYTES, readUpload } from '../images/upload.js';
import { BINARY_TYPE, manyImagesMaxBytes, settleManyImages } from './many-images.js';
import { readBody, type BodyLimits } from './read-body.js';

/** JSON around the base64 of the largest image. */
const JSON_SLACK_BYTES = 4096;

/** Plain text is not an image. Whatever is not parsed here is refused with 415. */
export function addBodyParsers(fastify: FastifyInstance, config: GatewayConfig): void {
  const { IMAGE_MAX_BYTES } = config;
  settleManyImages(fastify);
  const oneImage: BodyLimits = {
    maxBytes: Math.ceil(IMAGE_MAX_BYTES / 3) * 4 + JSON_SLACK_BYTES,
    tooLarge: () => new ImageTooManyBytesError(IMAGE_MAX_BYTES),
  };
  const rawImage: BodyLimits = { ...oneImage, maxBytes: IMAGE_MAX_BYTES };
  const manyImages: BodyLimits = {
    maxBytes: manyImagesMaxBytes(config),
    tooLarge: (maxBytes) => new BodyTooLargeError(maxBytes),
  };
  const limitsOf = ({ routeOptions }: FastifyRequest): BodyLimits =>
    routeOptions.config.manyImages === undefined ? oneImage : manyImages;

  const read = (
    request: FastifyRequest,
    payload: IncomingMessage,
    limits = limitsOf(request),
  ): Promise<Buffer> =>
    readBody(payload, declaredLength(request), { ...limits, held: request.held });

  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser(
    'application/json',
    async (request: FastifyRequest, payload: IncomingMessage) =>
      parseJson(await read(request, payload)),
  );
  fastify.addContentTypeParser(
    BINARY_TYPE,
    async (request: FastifyRequest, payload: IncomingMessage) => {
      const { manyImages: body } = request.routeOptions.config;
      if (body === undefined) throw new UnsupportedMediaTypeError();
      return read(request, payload);
    },
  );
  fastify.addContentTypeParser(
    /^image\//,
    (request: FastifyRequest, payload: IncomingMessage): Promise<Buffer> =>
      read(request, payload, rawImage),
  );
  const form = { ...oneImage, maxBytes: IMAGE_MAX_BYTES + FORM_SLACK_BYTES };
  fastify.addContentTypeParser(
    'multipart/form-data',
    async (request: FastifyRequest, payload: IncomingMessage) => {
      const body = await read(request, payload, form);
      return readUpload(body, request.headers['content-type']!);
    },
  );
}

function declaredLength({ headers }: FastifyRequest): number | undefined {
  const length = headers['content-length'];
  return length === undefined ? undefined : Number(length);
}

import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { GatewayConfig } from '../config/gateway-config.js';
import {
  BodyTooLargeError,
  ImageTooManyBytesError,
  TooManyRequestsInWorkError,
  UnsupportedMediaTypeError,
} from '../errors/errors.js';
import { parseJson } from './json-body.js';
import { FORM_SLACK_BYTES, readUpload } from '../images/upload.js';
import { BINARY_TYPE, manyImagesMaxBytes, watchManyImages } from './many-images.js';
import { readBody, type BodyLimits } from './read-body.js';

/** JSON around the base64 of the largest image. */
const JSON_SLACK_BYTES = 4096;

/** Plain text is not an image. Whatever is not parsed here is refused with 415. */
export function addBodyParsers(fastify: FastifyInstance, config: GatewayConfig): void {
  const { IMAGE_MAX_BYTES } = config;
  const budget = watchManyImages(fastify, config);
  const oneImage: BodyLimits = {
    maxBytes: Math.ceil(IMAGE_MAX_BYTES / 3) * 4 + JSON_SLACK_BYTES,
    tooLarge: () => new ImageTooManyBytesError(IMAGE_MAX_BYTES),
  };
  const manyImagesBytes = manyImagesMaxBytes(config);
  const limitsOf = (request: FastifyRequest): BodyLimits =>
    request.routeOptions.config.manyImages === undefined
      ? oneImage
      : {
          maxBytes: manyImagesBytes,
          tooLarge: (maxBytes) => new BodyTooLargeError(maxBytes),
          take: (bytes) => {
            if (!budget.take(bytes)) return new TooManyRequestsInWorkError();
            request.heldBytes += bytes;
            return undefined;
          },
        };

  const read = (request: FastifyRequest, payload: IncomingMessage): Promise<Buffer> =>
    readBody(payload, declaredLength(request), limitsOf(request));

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
    { parseAs: 'buffer', bodyLimit: IMAGE_MAX_BYTES },
    (_request, body, done) => {
      done(null, body);
    },
  );
  const form = { ...oneImage, maxBytes: IMAGE_MAX_BYTES + FORM_SLACK_BYTES };
  fastify.addContentTypeParser(
    'multipart/form-data',
    async (request: FastifyRequest, payload: IncomingMessage) => {
      const body = await readBody(payload, declaredLength(request), form);
      return readUpload(body, request.headers['content-type']!);
    },
  );
}

function declaredLength({ headers }: FastifyRequest): number | undefined {
  const length = headers['content-length'];
  return length === undefined ? undefined : Number(length);
}

import type { FastifyRequest } from 'fastify';
import { ImageFetcher } from '#image-fetch';
import { GatewayConfig } from '../config/gateway-config.js';
import { InvalidRequestError, UnsupportedMediaTypeError } from '../errors/errors.js';
import type { Call } from '../http/call.js';
import type { GatewayMetrics } from '../metrics/gateway-metrics.js';
import { timed, type StageTimes } from '../models/stage-times.js';
import { decodeBase64 } from './base64.js';
import { parseImageRequest } from './image-request.js';
import { readUpload } from './upload.js';

/** From a request to the bytes of its image, whichever of the four ways it came. */
export class ImageReader {
  constructor(
    private readonly fetcher: ImageFetcher,
    private readonly config: GatewayConfig,
    private readonly metrics: GatewayMetrics,
  ) {}

  /** @throws DomainErrors of the request, the link or the upload */
  async read(request: FastifyRequest, call: Call, times: StageTimes): Promise<Uint8Array> {
    const bytes = await this.readBytes(request, call, times);
    this.metrics.imageBytes.observe(bytes.length);
    if (bytes.length === 0) throw new InvalidRequestError('The image is empty.');
    return bytes;
  }

  private async readBytes(
    request: FastifyRequest,
    { signal }: Call,
    times: StageTimes,
  ): Promise<Uint8Array> {
    if (request.isMultipart()) return readUpload(request, this.config.IMAGE_MAX_BYTES);
    const type = request.headers['content-type'] ?? '';
    if (/^image\//i.test(type)) {
      return Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    }
    if (!/^application\/json\b/i.test(type)) throw new UnsupportedMediaTypeError();
    const source = parseImageRequest(request.body);
    return 'url' in source
      ? timed(times.fetch, () => this.fetcher.fetch(source.url, { signal }))
      : decodeBase64(source.image, this.config.IMAGE_MAX_BYTES);
  }
}

import type { FastifyRequest } from 'fastify';
import type { Signal } from '#cancellation';
import type { DomainError } from '#errors';
import { ImageFetcher } from '#image-fetch';
import { GatewayConfig } from '../config/gateway-config.js';
import {
  ImageTooManyBytesError,
  InvalidRequestError,
  UnsupportedMediaTypeError,
} from '../errors/errors.js';
import type { Call } from '../http/call.js';
import type { HeldBytes } from '../http/held-bytes.js';
import type { GatewayMetrics } from '../metrics/gateway-metrics.js';
import { timed, type StageTimes } from '../models/stage-times.js';
import { decodeBase64 } from './base64.js';
import { parseImageRequest, type ImageRequest } from './image-request.js';

/** From a request to the bytes of its image, whichever of the four ways it came. */
export class ImageReader {
  /** Images behind links, and what counts their bytes. */
  private readonly fetched = new WeakMap<Uint8Array, HeldBytes | undefined>();

  constructor(
    private readonly fetcher: ImageFetcher,
    private readonly config: GatewayConfig,
    private readonly metrics: GatewayMetrics,
  ) {}

  /**
   * The one image of a request.
   *
   * @throws DomainErrors of the request, the link or the upload
   */
  async read(request: FastifyRequest, { signal }: Call, times: StageTimes): Promise<Uint8Array> {
    const type = request.headers['content-type'] ?? '';
    if (/^(image\/|multipart\/form-data\b)/i.test(type)) {
      return this.taken(Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0));
    }
    if (!/^application\/json\b/i.test(type)) throw new UnsupportedMediaTypeError();
    return this.load(parseImageRequest(request.body), signal, times, request.heldLinks);
  }

  /**
   * The bytes that a link leads to, or that are given in base64.
   *
   * @param held counts what comes of the link
   * @throws DomainErrors of the link or the base64; the signal's reason
   */
  async load(
    source: ImageRequest,
    signal: Signal,
    times: StageTimes,
    held: HeldBytes | undefined,
  ): Promise<Uint8Array> {
    return this.taken(
      'url' in source
        ? await timed(times.fetch, () => this.fetch(source.url, signal, held))
        : decodeBase64(source.image, this.config.IMAGE_MAX_BYTES),
    );
  }

  private async fetch(
    url: string,
    signal: Signal,
    held: HeldBytes | undefined,
  ): Promise<Uint8Array> {
    let bytes = 0;
    const take = (more: number): DomainError | undefined => {
      const refusal = held?.take(more);
      if (refusal === undefined) bytes += more;
      return refusal;
    };
    try {
      const image = await this.fetcher.fetch(url, { signal, take });
      this.fetched.set(image, held);
      return image;
    } catch (error) {
      held?.giveBack(bytes);
      throw error;
    }
  }

  /**
   * An image's bytes that have come in whatever way.
   *
   * @throws InvalidRequestError where there are none, ImageTooManyBytesError
   */
  taken(bytes: Uint8Array): Uint8Array {
    const { IMAGE_MAX_BYTES } = this.config;
    if (bytes.length > IMAGE_MAX_BYTES) throw new ImageTooManyBytesError(IMAGE_MAX_BYTES);
    this.metrics.imageBytes.observe(bytes.length);
    if (bytes.length === 0) throw new InvalidRequestError('The image is empty.');
    return bytes;
  }

  /** Takes back an image that `read` or `load` gave and that nobody reads any more. */
  release(image: Uint8Array): void {
    // Others are views of a body, which holds more than them.
    if (!this.fetched.has(image)) return;
    this.fetched.get(image)?.giveBack(image.length);
    this.fetched.delete(image);
    this.fetcher.release(image);
  }
}

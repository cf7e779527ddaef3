import { DomainError } from '#errors';
import { ImageFetcher, type FetchOptions, type ImageFetchConfig } from '#image-fetch';
import type { Attributes, Tracing } from '#tracing';

/**
 * A fetcher whose fetches are spans. They tell whom was asked, and not for what: the rest of a link is
 * often a secret. The origin is told nothing of the trace.
 */
export class TracedImageFetcher extends ImageFetcher {
  constructor(
    config: ImageFetchConfig,
    private readonly tracing: Tracing,
  ) {
    super(config);
  }

  override async fetch(link: string, options?: FetchOptions): Promise<Buffer> {
    const span = this.tracing.call('fetch', attributesOf(link));
    try {
      const image = await super.fetch(link, options);
      span?.set({ 'http.response.body.size': image.length });
      span?.end();
      return image;
    } catch (error) {
      span?.end(error instanceof DomainError ? error.code : 'aborted');
      throw error;
    }
  }
}

function attributesOf(link: string): Attributes {
  const method = { 'http.request.method': 'GET' };
  if (!URL.canParse(link)) return method;
  const { protocol, hostname, port } = new URL(link);
  return {
    ...method,
    'url.scheme': protocol.slice(0, -1),
    'server.address': hostname,
    'server.port': Number(port) || (protocol === 'https:' ? 443 : 80),
  };
}

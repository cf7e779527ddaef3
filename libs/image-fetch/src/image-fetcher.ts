import type { Signal } from '#cancellation';
import type { FetchOptions, ImageFetchConfig } from './config.js';
import { Budget } from './budget.js';
import { Connector } from './connector.js';
import { ImageSourceFailedError, ImageSourceTimeoutError } from './errors.js';
import { exchange } from './exchange.js';
import { IdleConnections } from './idle-connections.js';
import { ImageBuffers } from './image-buffers.js';
import { parseLink, type Link } from './link.js';
import { systemNetwork, type Network } from './network.js';
import { SlowFetches } from './slow-fetches.js';

/** Of a fetch's whole time; from then on it is slow. */
const SLOW_AFTER = 1 / 4;

/**
 * Fetches images behind links that strangers wrote, without becoming their way into the network
 * this runs in. See README.md for what is refused and what is followed.
 */
export class ImageFetcher {
  readonly #buffers = new ImageBuffers();
  readonly #idle = new IdleConnections();
  readonly #connector: Connector;
  readonly #slow: SlowFetches;
  readonly #running = new Map<Budget, Promise<Buffer>>();
  #closed = false;

  /** @param network for tests: how names are looked up and connections made */
  constructor(
    private readonly config: ImageFetchConfig,
    network: Network = systemNetwork,
  ) {
    this.#connector = new Connector(network, config.allow);
    this.#slow = new SlowFetches(config.maxSlow ?? Infinity);
  }

  /**
   * The bytes behind `link`, 1 to `maxBytes` of them, whatever their content type.
   *
   * @throws InvalidLinkError the text is not a URL, or holds a user name or password
   * @throws ForbiddenLinkError the link or a redirect leads to another scheme or a non-public address
   * @throws ImageSourceFailedError the origin cannot be reached or does not deliver
   * @throws ImageSourceTimeoutError the whole took longer than the budget, or too many others do
   * @throws LinkedImageTooLargeError, EmptyLinkedImageError
   * @throws what `options.take` refuses bytes with
   * @throws the reason of `options.signal` once that aborts; an `AbortError` once the fetcher closes
   */
  async fetch(link: string, options: FetchOptions = {}): Promise<Buffer> {
    const { timeoutMs = Infinity, signal, take } = options;
    const budget = new Budget(Math.min(timeoutMs, this.config.timeoutMs), signal);
    if (this.#closed) budget.abort(closedError());
    const image = this.#begin(link, budget, take);
    this.#running.set(budget, image);
    try {
      return await image;
    } catch (error) {
      // Whatever broke because of the abort, the abort is the reason.
      budget.throwIfAborted();
      throw error;
    } finally {
      this.#running.delete(budget);
      budget.dispose();
    }
  }

  /**
   * Takes an image back that nobody reads any more, so that the next one needs no new memory. Images
   * that are not given back are collected like any other.
   */
  release(image: Uint8Array): void {
    this.#buffers.release(image);
  }

  /** Aborts the fetches that run, closes idle connections, and resolves when all of it is gone. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const budget of this.#running.keys()) budget.abort(closedError());
    await Promise.allSettled(this.#running.values());
    this.#idle.close();
  }

  async #begin(text: string, budget: Budget, take: FetchOptions['take']): Promise<Buffer> {
    budget.throwIfAborted();
    const link = parseLink(text);
    const origin = `${link.host}:${link.port}`;
    this.#slow.expectRoom(origin);
    let ended: (() => void) | undefined;
    const timer = setTimeout(() => {
      ended = this.#slow.began(origin);
      if (ended === undefined) budget.abort(new ImageSourceTimeoutError());
    }, this.config.timeoutMs * SLOW_AFTER);
    try {
      return await this.#follow(link, budget, take);
    } finally {
      clearTimeout(timer);
      ended?.();
    }
  }

  async #follow(link: Link, signal: Signal, take: FetchOptions['take']): Promise<Buffer> {
    const { maxBytes, maxRedirects } = this.config;
    for (let redirects = 0; redirects <= maxRedirects; redirects++) {
      const answer = await exchange({
        link,
        connector: this.#connector,
        idle: this.#idle,
        buffers: this.#buffers,
        maxBytes,
        take,
        signal,
      });
      if ('image' in answer) return answer.image;
      link = answer.redirect;
    }
    throw new ImageSourceFailedError(`The image link redirects more than ${maxRedirects} times.`);
  }
}

function closedError(): DOMException {
  return new DOMException('The image fetcher is closed', 'AbortError');
}

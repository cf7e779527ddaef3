import type { Socket } from 'node:net';
import { createSecureContext, type SecureContext } from 'node:tls';
import type { Signal } from '#cancellation';
import type { AllowList } from './allow-list.js';
import { checkedAddresses } from './checked-addresses.js';
import { connectToFirst } from './connect.js';
import { ImageSourceFailedError } from './errors.js';
import type { Link } from './link.js';
import { LookupQueue } from './lookup-queue.js';
import type { Network } from './network.js';
import { secure } from './tls.js';

/** Makes connections, each to an address that was checked for it. */
export class Connector {
  readonly #lookups: LookupQueue;
  #secureContext: SecureContext | undefined;

  constructor(
    private readonly network: Network,
    private readonly allow: AllowList,
  ) {
    this.#lookups = new LookupQueue((host) => network.lookup(host));
  }

  /**
   * A connection to where `link` leads, with TLS where it asks for it.
   *
   * @throws ForbiddenLinkError before any connection, ImageSourceFailedError, or the signal's reason
   */
  async connect(link: Link, signal: Signal): Promise<Socket> {
    const addresses = await checkedAddresses(link, this.allow, this.#lookups, signal);
    const open = (address: string): Socket => this.network.connect(address, link.port);
    const socket = await connectToFirst(addresses, open, signal).catch((cause: unknown) => {
      signal.throwIfAborted();
      throw new ImageSourceFailedError('The image source could not be connected to.', { cause });
    });
    if (!link.secure) return socket;
    // One context for all: making one parses the certificate store.
    this.#secureContext ??= createSecureContext({ ca: this.network.ca });
    return secure(socket, link, this.#secureContext, signal).catch((cause: unknown) => {
      signal.throwIfAborted();
      throw new ImageSourceFailedError(
        'No secure connection to the image source: its certificate is not valid or the TLS handshake failed.',
        { cause },
      );
    });
  }
}

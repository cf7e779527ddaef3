import { lookup } from 'node:dns/promises';
import { connect, type Socket } from 'node:net';

/** The only doors to the network; tests put their own in. */
export interface Network {
  /** All addresses of a host name. */
  lookup(host: string): Promise<string[]>;
  /** Starts a TCP connection to an address; never called with a name. */
  connect(address: string, port: number): Socket;
  /** Certificate authorities to trust instead of Node's (which NODE_EXTRA_CA_CERTS extends). */
  ca?: string;
}

/**
 * `getaddrinfo` rather than DNS queries of our own: it honours /etc/hosts, search domains and the
 * order of families that the host is configured for, as the rest of a cluster does.
 */
export const systemNetwork: Network = {
  async lookup(host) {
    const found = await lookup(host, { all: true });
    return found.map(({ address }) => address);
  },
  connect: (address, port) => connect({ host: address, port, noDelay: true }),
};

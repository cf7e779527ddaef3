import { lookup } from 'node:dns/promises';
import { connect, type Socket } from 'node:net';

/** The only doors to the network; tests put their own in. */
export interface Network {
  /** All addresses of a host name. */
  lookup(host: string): Promise<string[]>;
  /** Starts a TCP connection to an address; never called with a name. Its `data` is good during the event alone. */
  connect(address: string, port: number): Socket;
  /** Certificate authorities to trust instead of Node's (which NODE_EXTRA_CA_CERTS extends). */
  ca?: string;
}

const RECEIVED_BYTES = 64 * 1024;

/** What any connection has received, until it has told of it. */
const received = Buffer.allocUnsafeSlow(RECEIVED_BYTES);

/**
 * Starts a TCP connection whose `data` is good during the event alone: all connections receive into the
 * same memory. Node's own way is 64 KiB anew for each read, for which V8 collects its whole heap a dozen
 * times a second while large images come.
 */
export function connectTo(host: string, port: number): Socket {
  const socket = connect({
    host,
    port,
    noDelay: true,
    onread: {
      buffer: received,
      callback: (length) => {
        socket.emit('data', received.subarray(0, length));
        return true;
      },
    },
  });
  return socket;
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
  connect: connectTo,
};

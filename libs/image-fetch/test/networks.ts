import { Socket } from 'node:net';
import { connectTo, type Network } from '../src/network.js';

export interface RecordedNetwork extends Network {
  lookups: string[];
  /** Every connection asked for, as `address port`. */
  connections: string[];
}

type Names = Record<string, string[]>;

/**
 * A network of this machine alone: it knows the names it is given and connects to loopback addresses
 * only, so that no test can reach another machine even where the guard under test fails.
 */
export function loopbackNetwork(names: Names = {}, ca?: string): RecordedNetwork {
  return recorded(names, ca, (address, port) =>
    address === '::1' || address.startsWith('127.') ? connectTo(address, port) : refusing(),
  );
}

/** A network in which every address is the loopback one: public addresses can be "reached". */
export function diverted(names: Names, ca?: string): RecordedNetwork {
  return recorded(names, ca, (_, port) => connectTo('127.0.0.1', port));
}

/** A network on which no connection ever leaves the process. */
export function deadNetwork(names: Names = {}): RecordedNetwork {
  return recorded(names, undefined, refusing);
}

function recorded(
  names: Names,
  ca: string | undefined,
  open: (address: string, port: number) => Socket,
): RecordedNetwork {
  const network: RecordedNetwork = {
    lookups: [],
    connections: [],
    ...(ca !== undefined && { ca }),
    lookup(host) {
      network.lookups.push(host);
      const found = names[host];
      return found ? Promise.resolve(found) : Promise.reject(new Error(`ENOTFOUND ${host}`));
    },
    connect(address, port) {
      network.connections.push(`${address} ${port}`);
      return open(address, port);
    },
  };
  return network;
}

function refusing(): Socket {
  const socket = new Socket();
  setImmediate(() => socket.destroy(new Error('ECONNREFUSED')));
  return socket;
}

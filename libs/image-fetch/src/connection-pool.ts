import { Agent, type AgentOptions, type ClientRequestArgs } from 'node:http';
import type { Socket } from 'node:net';
import type { Link } from './link.js';

const IDLE_MS = 4000;
/** As many as may be in use at once by default: fewer would be closed and made anew under full load. */
const MAX_IDLE_PER_ORIGIN = 64;
const MAX_IDLE = 128;

/** What `http.request` is given for a request over the pool. */
export interface PooledRequest extends ClientRequestArgs {
  poolKey: string;
  /** The connection to use if none idles. */
  connection?: Socket | undefined;
}

/**
 * Idle connections, kept a few seconds for the next link to the same place. The key holds scheme,
 * host as written and port, so a connection serves only links for which its address was checked; the
 * allow list is the fetcher's own and does not change.
 *
 * Connections are made before a request is: an Agent whose own connecting fails keeps an entry per
 * host name for good. Plain and TLS connections share this one Agent, and no Agent that knows the
 * environment's proxies is ever involved.
 */
export class ConnectionPool extends Agent {
  constructor() {
    const options: AgentOptions = {
      keepAlive: true,
      timeout: IDLE_MS,
      maxFreeSockets: MAX_IDLE_PER_ORIGIN,
      scheduling: 'lifo',
    };
    super(options);
  }

  keyOf({ url, host, port }: Link): string {
    return `${url.protocol}//${host}:${port}`;
  }

  hasIdle(key: string): boolean {
    return this.freeSockets[key]?.some((socket) => !socket.destroyed) ?? false;
  }

  override getName(options?: ClientRequestArgs): string {
    return (options as PooledRequest).poolKey;
  }

  override createConnection(options: ClientRequestArgs): Socket {
    const { connection } = options as PooledRequest;
    if (!connection) throw new Error('A pooled request needs an idle connection or one of its own');
    return connection;
  }

  /** Called by Agent; false lets it close the connection. */
  override keepSocketAlive(socket: Socket): boolean {
    const idle = Object.values(this.freeSockets).reduce(
      (sum, list) => sum + (list?.length ?? 0),
      0,
    );
    // Node's documentation and code return a boolean; its types do not say so yet.
    const { keepSocketAlive } = Agent.prototype as unknown as {
      keepSocketAlive: (this: Agent, socket: Socket) => boolean;
    };
    return idle < MAX_IDLE && keepSocketAlive.call(this, socket);
  }
}

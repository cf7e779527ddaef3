import { Connection } from './connection.js';
import type { Link } from './link.js';
import type { Socket } from 'node:net';

const IDLE_MS = 3500;
const SWEEP_MS = 500;
/** As many as may be in use at once by default: fewer would be closed and made anew under full load. */
const MAX_IDLE_PER_ORIGIN = 64;
const MAX_IDLE = 128;

/** Where connections lead: they serve only links for which their address was checked. */
export function originOf({ url, host, port }: Link): string {
  return `${url.protocol}//${host}:${port}`;
}

interface Idle {
  readonly connection: Connection;
  readonly since: number;
}

/**
 * Idle connections, kept a few seconds for the next link to the same place: scheme, host as written
 * and port. The allow list is the fetcher's own and does not change.
 */
export class IdleConnections {
  /** By origin; the latest to have come last. */
  private readonly idle = new Map<string, Idle[]>();
  private count = 0;
  private sweeping: NodeJS.Timeout | undefined;

  /** A connection over a socket, which leaves here by itself when it ends. */
  over(socket: Socket, origin: string): Connection {
    return new Connection(socket, (connection) => {
      this.forget(connection, origin);
    });
  }

  /** The one that was in use last, if there is any: the likeliest to be open still. */
  take(origin: string): Connection | undefined {
    const last = this.idle.get(origin)?.at(-1);
    if (last === undefined) return undefined;
    this.forget(last.connection, origin);
    return last.connection;
  }

  /** Keeps a connection that is open and over which all was said, where there is room. */
  keep(connection: Connection, origin: string): void {
    const list = this.idle.get(origin) ?? [];
    if (!connection.isOpen || this.count >= MAX_IDLE || list.length >= MAX_IDLE_PER_ORIGIN) {
      connection.close();
      return;
    }
    connection.finish();
    list.push({ connection, since: performance.now() });
    this.idle.set(origin, list);
    this.count++;
    this.sweeping ??= this.sweepLater();
  }

  close(): void {
    clearTimeout(this.sweeping);
    for (const list of this.idle.values()) for (const { connection } of list) connection.close();
  }

  private forget(connection: Connection, origin: string): void {
    const list = this.idle.get(origin);
    const index = list?.findLastIndex((idle) => idle.connection === connection) ?? -1;
    if (list === undefined || index < 0) return;
    list.splice(index, 1);
    this.count--;
    if (list.length === 0) this.idle.delete(origin);
  }

  /** One timer for all: one for each would be set anew with each request. */
  private sweepLater(): NodeJS.Timeout {
    const sweep = (): void => {
      const oldest = performance.now() - IDLE_MS;
      for (const list of this.idle.values()) {
        for (const { connection, since } of list) if (since <= oldest) connection.close();
      }
      this.sweeping = this.count > 0 ? this.sweepLater() : undefined;
    };
    return setTimeout(sweep, SWEEP_MS).unref();
  }
}

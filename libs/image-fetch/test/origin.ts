import { once } from 'node:events';
import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http';
import { createServer as createHttpsServer, type ServerOptions } from 'node:https';
import {
  createServer as createTcpServer,
  type AddressInfo,
  type Server as NetServer,
} from 'node:net';
import type { Socket } from 'node:net';

/** A server on the loopback address that counts who comes. */
export interface Origin {
  port: number;
  /** `http://127.0.0.1:PORT`, or `https:` */
  url: string;
  connections: Socket[];
  close(): Promise<void>;
}

const open = new Set<Origin>();

/** Closes every origin that a test has started; for `afterEach`. */
export async function closeOrigins(): Promise<void> {
  await Promise.all([...open].map((origin) => origin.close()));
}

export function httpOrigin(listener: RequestListener): Promise<Origin> {
  return start(createHttpServer(listener), 'http');
}

export function httpsOrigin(options: ServerOptions, listener: RequestListener): Promise<Origin> {
  return start(createHttpsServer(options, listener), 'https');
}

/** An origin that writes what it likes once the request's header is there. */
export function rawOrigin(answer: (socket: Socket) => void): Promise<Origin> {
  return tcpOrigin((socket) => {
    socket.once('data', () => {
      answer(socket);
    });
  });
}

/** An origin that need not wait for a request. */
export function tcpOrigin(onConnection: (socket: Socket) => void): Promise<Origin> {
  return start(createTcpServer(onConnection), 'http');
}

async function start(server: NetServer | Server, scheme: string): Promise<Origin> {
  const connections: Socket[] = [];
  server.on('connection', (socket: Socket) => {
    connections.push(socket);
    socket.on('error', () => undefined);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const origin: Origin = {
    port,
    url: `${scheme}://127.0.0.1:${port}`,
    connections,
    async close() {
      if (!open.delete(origin)) return;
      const closed = once(server, 'close');
      server.close();
      for (const socket of connections) socket.destroy();
      await closed;
    },
  };
  open.add(origin);
  return origin;
}

import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Registry } from 'prom-client';

/** A scrape that has begun may end; whoever is slower than this is not a scraper. */
const CLOSE_AFTER_MS = 500;

export interface MetricsServerOptions {
  /** 0 takes any free one. */
  readonly port: number;
  readonly host: string;
  readonly path: string;
  /** The variable that the port was read from. */
  readonly variable: string;
}

/** Where Prometheus asks, on a port of its own, so that no route of the API leads there. */
export class MetricsServer {
  private constructor(private readonly server: Server) {}

  /** @throws Error that says what to change where the port is taken */
  static async start(
    registry: Registry,
    { port, host, path, variable }: MetricsServerOptions,
  ): Promise<MetricsServer> {
    const server = createServer((request, response) => {
      // One scrape each few seconds does not need its connection kept, and a drain not its end awaited.
      response.setHeader('connection', 'close');
      if (request.method !== 'GET' || request.url?.split('?', 1)[0] !== path) {
        response.writeHead(404).end();
        return;
      }
      registry.metrics().then(
        (text) => response.writeHead(200, { 'content-type': registry.contentType }).end(text),
        () => response.writeHead(500).end(),
      );
    });
    server.listen(port, host);
    await once(server, 'listening').catch((cause: unknown) => {
      const { code = 'failed' } = cause as NodeJS.ErrnoException;
      throw new Error(
        `${variable}: cannot listen on ${host}:${port} (${code}); ` +
          'where another process has it, choose another, or 0 for any free one',
        { cause },
      );
    });
    return new MetricsServer(server);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    const timer = setTimeout(() => {
      this.server.closeAllConnections();
    }, CLOSE_AFTER_MS);
    await new Promise((resolve) => this.server.close(resolve));
    clearTimeout(timer);
  }
}

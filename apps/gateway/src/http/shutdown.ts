import type { OnApplicationShutdown, OnModuleDestroy } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import type { Logger } from '#logging';

const CLOSE_INTERVAL_MS = 100;
/** For a request whose first bytes are on their way when the server closes. */
const SPARE_CONNECTION_MS = 500;

/**
 * What HTTP does while the process drains. Terminus turns readiness off and waits; from then on
 * every answer ends its connection, because a keep-alive connection that is closed just as its
 * next request is on the way would fail that request.
 */
export class Shutdown implements OnModuleDestroy, OnApplicationShutdown {
  private active = false;
  private inWork = 0;
  private last: () => Promise<void> = () => Promise.resolve();

  constructor(private readonly logger: Logger) {}

  get isDraining(): boolean {
    return this.active;
  }

  watch(fastify: FastifyInstance): void {
    fastify.addHook('onSend', (_request, reply, payload, done) => {
      if (this.active) reply.header('connection', 'close');
      done(null, payload);
    });
    fastify.addHook('onRequest', (_request, reply, done) => {
      this.inWork++;
      // Comes once, whether the answer was finished or its connection broke.
      reply.raw.once('close', () => {
        this.inWork--;
      });
      done();
    });
    fastify.addHook('preClose', (done) => {
      this.closeConnections(fastify);
      done();
    });
  }

  /**
   * Node closes what is idle at this moment, and would wait for the others: for those that become
   * idle a moment later, and for those that never asked anything, such as a browser's spare ones.
   */
  private closeConnections({ server }: FastifyInstance): void {
    const spareAfter = Date.now() + SPARE_CONNECTION_MS;
    const timer = setInterval(() => {
      if (this.inWork === 0 && Date.now() > spareAfter) server.closeAllConnections();
      else server.closeIdleConnections();
    }, CLOSE_INTERVAL_MS);
    server.once('close', () => {
      clearInterval(timer);
    });
  }

  /** Runs `last` once no request is in work any more. */
  afterwards(last: () => Promise<void>): void {
    this.last = last;
  }

  /** The first of Nest's shutdown hooks: before Terminus begins to wait. */
  onModuleDestroy(): void {
    this.active = true;
    this.logger.info('draining');
  }

  async onApplicationShutdown(): Promise<void> {
    await this.last();
  }
}

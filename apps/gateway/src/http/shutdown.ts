import type { OnApplicationShutdown, OnModuleDestroy } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import type { Logger } from '#logging';

/**
 * What HTTP does while the process drains. Terminus turns readiness off and waits; from then on
 * every answer ends its connection, because a keep-alive connection that is closed just as its
 * next request is on the way would fail that request.
 */
export class Shutdown implements OnModuleDestroy, OnApplicationShutdown {
  private active = false;
  private last: () => Promise<void> | undefined = () => undefined;

  constructor(private readonly logger: Logger) {}

  watch(fastify: FastifyInstance): void {
    fastify.addHook('onSend', (_request, reply, payload, done) => {
      if (this.active) reply.header('connection', 'close');
      done(null, payload);
    });
  }

  /** Runs `last` once no request is in work any more. */
  afterwards(last: () => Promise<void> | undefined): void {
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

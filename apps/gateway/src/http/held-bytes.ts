import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { TooManyRequestsInWorkError } from '../errors/errors.js';
import type { BodyBudget } from './body-budget.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** What the request's body holds of the budgets; undefined where it may have none. */
    held: HeldBytes | undefined;
  }
}

/** The bytes of one request's body, counted until it is answered. */
export class HeldBytes {
  private bytes = 0;
  private isReleased = false;

  /** @param budgets all of which must have room */
  constructor(private readonly budgets: readonly BodyBudget[]) {}

  /** Why so many more may not be kept; undefined where they may. */
  take(bytes: number): TooManyRequestsInWorkError | undefined {
    if (this.isReleased) return new TooManyRequestsInWorkError();
    for (const [index, budget] of this.budgets.entries()) {
      if (budget.take(bytes)) continue;
      for (const taken of this.budgets.slice(0, index)) taken.release(bytes);
      return new TooManyRequestsInWorkError();
    }
    this.bytes += bytes;
    return undefined;
  }

  /** Nothing is kept from now on. */
  release(): void {
    this.isReleased = true;
    for (const budget of this.budgets) budget.release(this.bytes);
    this.bytes = 0;
  }

  /**
   * Says that a body is on its way, which may be ended for others' sake.
   *
   * @returns what is to be called once it has come
   */
  receiving(refuse: (error: TooManyRequestsInWorkError) => void): () => void {
    const body = {
      since: performance.now(),
      evict: () => {
        this.release();
        refuse(new TooManyRequestsInWorkError());
      },
    };
    for (const budget of this.budgets) budget.began(body);
    return () => {
      for (const budget of this.budgets) budget.ended(body);
    };
  }
}

/** Counts what a request's body holds until the request is answered or its caller has gone. */
export function holdBytes(
  request: FastifyRequest,
  reply: FastifyReply,
  budgets: readonly BodyBudget[],
): void {
  const held = new HeldBytes(budgets);
  request.held = held;
  reply.raw.once('close', () => {
    held.release();
  });
}

export function watchHeldBytes(fastify: FastifyInstance): void {
  fastify.decorateRequest('held', undefined);
}

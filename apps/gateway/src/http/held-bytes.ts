import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { TooManyRequestsInWorkError } from '../errors/errors.js';
import type { BodyBudget } from './body-budget.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** What the request's body holds of the budgets; undefined where it may have none. */
    held: HeldBytes | undefined;
    /** What the images hold that it links to, likewise. */
    heldLinks: HeldBytes | undefined;
  }
}

/** The bytes of one request's body or of its images, counted until it is answered. */
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

  /** So many of them are not kept any more. */
  giveBack(bytes: number): void {
    const held = Math.min(bytes, this.bytes);
    for (const budget of this.budgets) budget.release(held);
    this.bytes -= held;
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

/** Counts what a request holds until it is answered or its caller has gone. */
export function holdBytes(
  request: FastifyRequest,
  reply: FastifyReply,
  budgets: { readonly body: readonly BodyBudget[]; readonly links: readonly BodyBudget[] },
): void {
  const held = new HeldBytes(budgets.body);
  const links = new HeldBytes(budgets.links);
  request.held = held;
  request.heldLinks = links;
  reply.raw.once('close', () => {
    held.release();
    links.release();
  });
}

export function watchHeldBytes(fastify: FastifyInstance): void {
  fastify.decorateRequest('held', undefined);
  fastify.decorateRequest('heldLinks', undefined);
}

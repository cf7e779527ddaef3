import type { FastifyReply } from 'fastify';
import type { StageTimes } from '../models/stage-times.js';

/** Tells how long a request to a model takes as a whole, once it ends. */
export function tellTotal(reply: FastifyReply, { total }: StageTimes): void {
  // Comes once, whether the answer was finished or its connection broke.
  reply.raw.once('close', () => {
    total(reply.elapsedTime / 1000);
  });
}

import { parentPort } from 'node:worker_threads';
import { DomainError } from '#errors';
import { preprocess } from '../preprocess.js';
import type { Job, Outcome } from './messages.js';

/** The entry of a thread: one image after the other. */

async function outcomeOf({ bytes, spec, ...options }: Job): Promise<Outcome> {
  try {
    return { tensor: await preprocess(bytes, spec, options) };
  } catch (error) {
    if (error instanceof DomainError) {
      const { code, publicMessage, name } = error;
      return { refused: { code, publicMessage, name } };
    }
    return { failed: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

parentPort!.on('message', (job: Job) => {
  void outcomeOf(job).then((outcome) => {
    parentPort!.postMessage(outcome);
  });
});

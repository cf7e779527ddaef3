import { parentPort } from 'node:worker_threads';
import { preprocess } from '../preprocess.js';
import type { Job } from './job.js';
import { outcomeOf } from './outcome.js';

/** The entry of a thread: one image after the other, none of them by native code. */

parentPort!.on('message', ({ bytes, spec, ...options }: Job) => {
  void outcomeOf(() => preprocess(bytes, spec, { ...options, withoutLibvips: true })).then(
    (outcome) => {
      parentPort!.postMessage(outcome);
    },
  );
});

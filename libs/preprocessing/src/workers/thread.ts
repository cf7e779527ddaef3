import { parentPort } from 'node:worker_threads';
import { preprocess } from '../preprocess.js';
import type { ThreadJob } from './job.js';
import { movable } from './movable.js';
import { outcomeOf, type ThreadOutcome } from './outcome.js';

/** The entry of a thread: one image after the other, none of them by native code. */

parentPort!.on('message', ({ bytes, spec, ...options }: ThreadJob) => {
  void outcomeOf(() => preprocess(bytes, spec, { ...options, withoutLibvips: true })).then(
    (outcome) => {
      const out = 'tensor' in outcome ? outcome.tensor.data : options.out;
      parentPort!.postMessage({ outcome, out } satisfies ThreadOutcome, movable(out));
    },
  );
});

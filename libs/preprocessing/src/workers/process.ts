import { writeFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { preprocess } from '../preprocess.js';
import { CHANNEL, FrameReader, writeFrame } from './frame.js';
import type { Job } from './job.js';
import { outcomeOf } from './outcome.js';

/** The entry of a process: one image after the other, by native code too. */

const channel = new Socket({ fd: CHANNEL });
const reader = new FrameReader(
  (_asked, bytes) => Buffer.allocUnsafeSlow(bytes),
  (asked, bytes) => void answer(asked as Omit<Job, 'bytes'>, bytes),
);
channel.on('data', (chunk: Buffer) => {
  reader.push(chunk);
});
// Whoever started it has gone.
channel.on('end', () => process.exit()).on('error', () => process.exit());
beFirstToGo();

async function answer({ spec, ...options }: Omit<Job, 'bytes'>, bytes: Uint8Array): Promise<void> {
  const outcome = await outcomeOf(() => preprocess(bytes, spec, options));
  if (!('tensor' in outcome)) {
    writeFrame(channel, outcome, new Uint8Array(0));
    return;
  }
  const { data, ...tensor } = outcome.tensor;
  writeFrame(channel, { tensor }, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
}

/** Where memory runs out, the system should end this process and not the one that answers. */
function beFirstToGo(): void {
  try {
    writeFileSync('/proc/self/oom_score_adj', '1000');
  } catch {
    // Not Linux, or not allowed.
  }
}

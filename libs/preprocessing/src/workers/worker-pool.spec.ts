import { setTimeout as sleep } from 'node:timers/promises';
import type { ImageTensor } from '../preprocess.js';
import type { Job } from './job.js';
import { WorkerPool, type Worker } from './worker-pool.js';

const IDLE_MS = 200;
const TENSOR = {} as ImageTensor;

class Counted implements Worker {
  isUsable = true;
  jobs = 0;

  constructor(private readonly onExit: () => void) {}

  async run(): Promise<ImageTensor> {
    this.jobs++;
    await sleep(5);
    return TENSOR;
  }

  end(): Promise<void> {
    this.isUsable = false;
    this.onExit();
    return Promise.resolve();
  }
}

function start() {
  const started: Counted[] = [];
  const pool = new WorkerPool((onExit) => {
    const worker = new Counted(onExit);
    started.push(worker);
    return worker;
  }, IDLE_MS);
  return { started, run: () => pool.run({} as Job), pool };
}

describe('a pool of workers', () => {
  it('ends one that has had nothing to do for a while, and starts another when it is needed', async () => {
    const { started, run, pool } = start();
    await run();
    await sleep(2 * IDLE_MS);
    expect(started.map(({ isUsable }) => isUsable)).toEqual([false]);
    await run();
    expect(started).toHaveLength(2);
    await pool.close();
  });

  it('keeps the one that has work, and ends the one that was only needed beside it', async () => {
    const { started, run, pool } = start();
    await Promise.all([run(), run()]);
    const until = performance.now() + 2 * IDLE_MS;
    while (performance.now() < until) await run();
    expect(started).toHaveLength(2);
    expect(started.filter(({ isUsable }) => isUsable)).toHaveLength(1);
    expect(Math.max(...started.map(({ jobs }) => jobs))).toBeGreaterThan(2);
    await pool.close();
  });

  it('starts another for one that has ended by itself', async () => {
    const { started, run, pool } = start();
    await run();
    await started[0]!.end();
    await run();
    expect(started.map(({ jobs }) => jobs)).toEqual([1, 1]);
    await pool.close();
    expect(started.every(({ isUsable }) => !isUsable)).toBe(true);
  });
});

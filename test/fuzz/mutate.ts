import { setTimeout as sleep } from 'node:timers/promises';
import { numberOf, readOptions } from '../load/harness/options.js';
import { Fault } from './fault.js';
import { Random } from './random.js';
import { startStack } from './stack.js';
import { targetsOf, type Target } from './targets.js';
import { Watch } from './watch.js';

const options = readOptions('Sends the gateway and the model server what they must withstand.', {
  seed: ['1', 'what the cases follow from'],
  seconds: ['40', 'for so long'],
  only: ['', 'one kind, or one case of it: pictures, pictures:17'],
});

/** Caches fill and threads start first: then memory must stay. */
const WARM_UP = 0.3;
const MAX_GROWTH_MIB = 150;
const MAX_MIB = 700;
const MAX_FAULTS = 20;
/** For connections to close. */
const SETTLE_MS = 2000;

const [onlyName, onlyIndex] = options.only.split(':');
const endAt = performance.now() + numberOf('seconds', options.seconds, 1) * 1000;
const faults: string[] = [];
const stack = await startStack();
const watch = new Watch(stack.processes);
const started = watch.usage();
const targets = targetsOf(stack).filter(({ name }) => !onlyName || name === onlyName);
if (targets.length === 0) faults.push(`there is no kind ${options.only}`);

const counts = new Map(targets.map(({ name }) => [name, new Map<string, number>()]));
let warm = started;
const warmUp = sleep((endAt - performance.now()) * WARM_UP).then(() => (warm = watch.usage()));
await Promise.all(targets.map((target) => runAll(target)));
if (onlyIndex === undefined) await warmUp;
await sleep(SETTLE_MS);
const ended = watch.usage();
watch.stop();
report();
process.exitCode = faults.length === 0 ? 0 : 1;
await stack.close();
process.exit();

async function runAll(target: Target): Promise<void> {
  let index = 0;
  const isDone = (): boolean =>
    performance.now() > endAt || faults.length >= MAX_FAULTS || watch.faults().length > 0;
  if (onlyIndex !== undefined) {
    await runCase(target, Number(onlyIndex));
    return;
  }
  const loops = Array.from({ length: target.width }, async () => {
    while (!isDone()) await runCase(target, index++);
  });
  await Promise.all(loops);
}

async function runCase(target: Target, index: number): Promise<void> {
  const count = counts.get(target.name)!;
  let outcome = 'FAULT';
  try {
    outcome = await target.run(new Random(`${options.seed}:${target.name}:${index}`));
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    faults.push(`--seed ${options.seed} --only ${target.name}:${index}: ${error.message}`);
  }
  count.set(outcome, (count.get(outcome) ?? 0) + 1);
}

function report(): void {
  for (const [name, count] of counts) {
    const total = [...count.values()].reduce((sum, each) => sum + each, 0);
    const outcomes = [...count]
      .sort(([, a], [, b]) => b - a)
      .map(([outcome, each]) => `${each} ${outcome}`);
    console.log(`${name}: ${total} cases: ${outcomes.join(', ')}`);
  }
  for (const [name, { mib, descriptors }] of Object.entries(ended)) {
    const [before, after] = [warm[name]!, { mib, descriptors }];
    const peak = watch.peakOf(name);
    console.log(
      `${name}: PSS ${round(started[name]!.mib)} MiB at start, ${round(before.mib)} warm, ${round(peak)} at most, ` +
        `${round(after.mib)} at the end; descriptors ${before.descriptors}, then ${after.descriptors}`,
    );
    if (peak > MAX_MIB || after.mib - before.mib > MAX_GROWTH_MIB)
      faults.push(`the ${name} takes too much memory`);
  }
  faults.push(...watch.faults());
  for (const fault of faults) console.log(`FAULT ${fault}`);
  console.log(faults.length === 0 ? 'no fault' : `${faults.length} faults`);
}

function round(mib: number): number {
  return Math.round(mib);
}

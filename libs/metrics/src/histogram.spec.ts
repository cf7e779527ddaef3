import { Counter as PromCounter, Histogram as PromHistogram, Registry } from 'prom-client';
import { Counter, Histogram } from './index.js';

const name = 'seconds';
const help = 'How long it took.';
const labelNames = ['model', 'stage'];
const buckets = [0.001, 0.0025, 1, 20];

let ours: Registry;
let theirs: Registry;

/** What both tell must be the same text. */
async function expectSame(): Promise<void> {
  expect(await ours.metrics()).toBe(await theirs.metrics());
}

beforeEach(() => {
  ours = new Registry();
  theirs = new Registry();
});

describe('Histogram', () => {
  it('tells what prom-client tells of the same observations', async () => {
    const one = new Histogram({ name, help, labelNames, buckets, registry: ours });
    const other = new PromHistogram({ name, help, labelNames, buckets, registers: [theirs] });
    const values = [0, 0.001, 0.0011, 0.0025, 0.5, 1, 1.5, 20, 21, 1e9, -1];
    for (const [index, value] of values.entries()) {
      const labels = [`m"\\\n${index % 2}`, 'fetch'] as const;
      one.labels(...labels).observe(value);
      other.labels(...labels).observe(value);
    }
    await expectSame();
  });

  it('tells of a series once it has something, and without labels from the start', async () => {
    const one = new Histogram({ name, help, labelNames, buckets, registry: ours });
    const other = new PromHistogram({ name, help, labelNames, buckets, registers: [theirs] });
    one.labels('m', 'fetch');
    other.labels('m', 'fetch');
    const bare = { name: 'bytes', help, buckets };
    new Histogram({ ...bare, registry: ours });
    new PromHistogram({ ...bare, registers: [theirs] });
    await expectSame();
    expect(await ours.metrics()).toContain('bytes_bucket{le="20"} 0');
  });

  it('forgets a series, and begins it anew', async () => {
    const one = new Histogram({ name, help, labelNames, buckets, registry: ours });
    const other = new PromHistogram({ name, help, labelNames, buckets, registers: [theirs] });
    for (const each of [one, other]) {
      each.labels('m', 'fetch').observe(1);
      each.labels('n', 'fetch').observe(1);
      each.remove('m', 'fetch');
    }
    await expectSame();
    expect(await ours.metrics()).not.toContain('"m"');
    for (const each of [one, other]) each.labels('m', 'fetch').observe(2);
    // Of both the new one comes last.
    await expectSame();
  });

  it('calls its collector before it tells', async () => {
    const one: Histogram = new Histogram({
      name,
      help,
      labelNames,
      buckets,
      registry: ours,
      collect: () => {
        one.labels('m', 'fetch').observe(1);
      },
    });
    expect(await ours.metrics()).toContain('seconds_count{model="m",stage="fetch"} 1');
  });

  it('does not take a name twice', () => {
    new Histogram({ name, help, buckets, registry: ours });
    expect(() => new Histogram({ name, help, buckets, registry: ours })).toThrow(name);
  });
});

describe('Counter', () => {
  it('tells what prom-client tells of the same counts, at each time that it is asked', async () => {
    const one = new Counter({ name, help, labelNames, registry: ours });
    const other = new PromCounter({ name, help, labelNames, registers: [theirs] });
    const count = (by: number, model: string, stage: string) => {
      one.inc(by, model, stage);
      other.labels(model, stage).inc(by);
    };
    count(0, 'm', 'OK');
    await expectSame();
    count(1, 'm', 'OK');
    count(3, 'n', 'OK');
    count(1, 'm', 'OK');
    await expectSame();
    count(1, 'm', 'INTERNAL');
    count(1, 'm', 'OK');
    await expectSame();
  });

  it('forgets what it was told and what it was not', async () => {
    const counter = new Counter({ name, help, labelNames, registry: ours });
    counter.inc(1, 'm', 'OK');
    counter.remove('m', 'OK');
    expect(await ours.metrics()).not.toContain('"m"');
    counter.inc(1, 'm', 'OK');
    expect(await ours.metrics()).toContain('seconds{model="m",stage="OK"} 1');
    counter.remove('m', 'OK');
    expect(await ours.metrics()).not.toContain('"m"');
  });
});

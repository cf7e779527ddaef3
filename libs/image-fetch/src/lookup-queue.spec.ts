import { LookupQueue } from './lookup-queue.js';

/** Lookups that end when told to. */
class Lookups {
  readonly started: string[] = [];
  readonly #ends = new Map<string, (addresses: string[] | Error) => void>();

  readonly lookup = (host: string): Promise<string[]> => {
    this.started.push(host);
    return new Promise((resolve, reject) => {
      this.#ends.set(host, (result) => {
        if (result instanceof Error) reject(result);
        else resolve(result);
      });
    });
  };

  end(host: string, result: string[] | Error): void {
    this.#ends.get(host)!(result);
  }
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const never = new AbortController().signal;

describe('LookupQueue', () => {
  it('runs one lookup for callers of the same name at the same time', async () => {
    const lookups = new Lookups();
    const queue = new LookupQueue(lookups.lookup);
    const both = Promise.all([queue.resolve('a', never), queue.resolve('a', never)]);
    lookups.end('a', ['192.0.2.1']);
    expect(await both).toEqual([['192.0.2.1'], ['192.0.2.1']]);
    expect(lookups.started).toEqual(['a']);
  });

  it('looks up again once the answer is out', async () => {
    const lookups = new Lookups();
    const queue = new LookupQueue(lookups.lookup);
    for (const address of ['192.0.2.1', '192.0.2.2']) {
      const found = queue.resolve('a', never);
      lookups.end('a', [address]);
      expect(await found).toEqual([address]);
    }
  });

  it('lets a caller go though the lookup hangs', async () => {
    const lookups = new Lookups();
    const queue = new LookupQueue(lookups.lookup);
    const controller = new AbortController();
    const found = queue.resolve('a', controller.signal);
    controller.abort(new Error('enough'));
    await expect(found).rejects.toThrow('enough');
  });

  it('starts no more than its share, and the rest as turns come free', async () => {
    const lookups = new Lookups();
    const queue = new LookupQueue(lookups.lookup, 2);
    const found = ['a', 'b', 'c', 'd'].map((host) => queue.resolve(host, never));
    await settled();
    expect(lookups.started).toEqual(['a', 'b']);
    lookups.end('a', new Error('no such name'));
    await expect(found[0]).rejects.toThrow('no such name');
    await settled();
    expect(lookups.started).toEqual(['a', 'b', 'c']);
    lookups.end('b', []);
    lookups.end('c', []);
    await settled();
    lookups.end('d', ['192.0.2.4']);
    expect(await found[3]).toEqual(['192.0.2.4']);
  });

  it('never starts the lookup of a caller who left while waiting', async () => {
    const lookups = new Lookups();
    const queue = new LookupQueue(lookups.lookup, 1);
    const first = queue.resolve('a', never);
    const controller = new AbortController();
    const left = queue.resolve('b', controller.signal);
    const stayed = queue.resolve('c', never);
    controller.abort(new Error('gone'));
    await expect(left).rejects.toThrow('gone');
    lookups.end('a', ['192.0.2.1']);
    await first;
    await settled();
    expect(lookups.started).toEqual(['a', 'c']);
    lookups.end('c', []);
    await stayed;
  });

  it('survives a failure that nobody waits for any more', async () => {
    const lookups = new Lookups();
    const queue = new LookupQueue(lookups.lookup);
    const controller = new AbortController();
    const found = queue.resolve('a', controller.signal);
    controller.abort(new Error('gone'));
    await expect(found).rejects.toThrow('gone');
    lookups.end('a', new Error('unhandled'));
    await settled();
  });
});

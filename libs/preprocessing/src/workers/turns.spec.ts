import { Turns } from './turns.js';

const turnOfLoop = () => new Promise((resolve) => setImmediate(resolve));

describe('turns', () => {
  it('go to one at a time, in order, and let the event loop run in between', async () => {
    const turns = new Turns();
    const begun: string[] = [];
    const work = (name: string) => turns.next().then(() => begun.push(name));
    const all = Promise.all(['a', 'b', 'c'].map(work));
    const seen: string[] = [];
    for (let turn = 0; turn < 3; turn++) {
      await turnOfLoop();
      seen.push(begun.join(''));
    }
    await all;
    expect(begun).toEqual(['a', 'b', 'c']);
    // Between them, others got to run.
    expect(new Set(seen).size).toBeGreaterThan(1);
  });

  it('are given at once where nobody has had this one', async () => {
    const turns = new Turns();
    let isBegun = false;
    void turns.next().then(() => (isBegun = true));
    await Promise.resolve();
    await Promise.resolve();
    expect(isBegun).toBe(true);
    await turnOfLoop();
    await turnOfLoop();
    isBegun = false;
    void turns.next().then(() => (isBegun = true));
    await Promise.resolve();
    await Promise.resolve();
    expect(isBegun).toBe(true);
  });
});

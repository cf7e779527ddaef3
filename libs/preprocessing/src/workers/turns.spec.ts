import { Turns } from './turns.js';

const turnOfLoop = () => new Promise((resolve) => setImmediate(resolve));

function busy(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

describe('turns of the event loop', () => {
  it('go to work in order, and others run when it takes long', async () => {
    const turns = new Turns();
    const done: number[] = [];
    const work = (index: number) =>
      turns.run(() => {
        busy(3);
        done.push(index);
        return Promise.resolve(index);
      });
    const all = Promise.all(Array.from({ length: 12 }, (_, index) => work(index)));
    let most = 0;
    while (done.length < 12) {
      const before = done.length;
      await turnOfLoop();
      most = Math.max(most, done.length - before);
    }
    expect(await all).toEqual(Array.from({ length: 12 }, (_, index) => index));
    expect(done).toEqual(await all);
    // Two take six milliseconds, which ends a turn; a third may begin in what the test itself sees as one.
    expect(most).toBeLessThanOrEqual(4);
  });

  it('are shared by little work', async () => {
    const turns = new Turns();
    let done = 0;
    for (let index = 0; index < 5; index++) {
      void turns.run(() => Promise.resolve(done++));
    }
    await turnOfLoop();
    expect(done).toBe(5);
  });

  it('have one piece of work at most while somebody comes, and work goes on', async () => {
    const turns = new Turns();
    const done: number[] = [];
    turns.makeWay();
    const all = Promise.all(
      [0, 1, 2, 3].map((index) => turns.run(() => Promise.resolve(done.push(index)))),
    );
    const inTurn: number[] = [done.length];
    while (done.length < 4) {
      const before = done.length;
      turns.makeWay();
      await turnOfLoop();
      inTurn.push(done.length - before);
    }
    await all;
    expect(done).toEqual([0, 1, 2, 3]);
    expect(Math.max(...inTurn)).toBe(1);
    // Somebody comes in each turn here, for whom there are four without work.
    expect(inTurn).toHaveLength(1 + 3 * 5);
  });

  it('go on after work that fails', async () => {
    const turns = new Turns();
    const fail = () => {
      busy(6);
      return Promise.reject(new Error('broken'));
    };
    const outcomes = await Promise.allSettled([1, 2, 3].map(() => turns.run(fail)));
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(await turns.run(() => Promise.resolve(1))).toBe(1);
  });
});

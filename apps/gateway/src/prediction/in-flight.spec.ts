import { InFlight } from './in-flight.js';

/** Work that is done when it is told to be. */
function work(): { run: () => Promise<void>; end: () => void } {
  let end!: () => void;
  const done = new Promise<void>((resolve) => (end = resolve));
  return { run: () => done, end };
}

describe('InFlight', () => {
  it('refuses all images of a request where not all of them find a place', async () => {
    const inFlight = new InFlight(4);
    const three = work();
    const running = inFlight.run(three.run, 3);
    await expect(inFlight.run(three.run, 2)).rejects.toMatchObject({ code: 'OVERLOADED' });
    expect(inFlight.count).toBe(3);
    expect(inFlight.refused).toBe(1);
    three.end();
    await running;
    await inFlight.run(() => Promise.resolve(), 4);
    expect(inFlight.count).toBe(0);
  });

  it('takes a request of more images than there are places, alone', async () => {
    const inFlight = new InFlight(2);
    const many = work();
    const running = inFlight.run(many.run, 9);
    expect(inFlight.count).toBe(2);
    await expect(inFlight.run(many.run)).rejects.toMatchObject({ code: 'OVERLOADED' });
    many.end();
    await running;
    const one = work();
    const other = inFlight.run(one.run);
    await expect(inFlight.run(many.run, 9)).rejects.toMatchObject({ code: 'OVERLOADED' });
    one.end();
    await other;
  });

  it('gives the places back where the work fails', async () => {
    const inFlight = new InFlight(1);
    await expect(inFlight.run(() => Promise.reject(new Error('x')))).rejects.toThrow('x');
    expect(inFlight.count).toBe(0);
  });

  it('keeps a quarter of the places out of the reach of one of several models', async () => {
    const inFlight = new InFlight(4, () => 2);
    const hanging = work();
    const running = [1, 2, 3].map(() => inFlight.run(hanging.run, 1, 'hangs'));
    await expect(inFlight.run(hanging.run, 1, 'hangs')).rejects.toMatchObject({
      code: 'OVERLOADED',
    });
    expect(await inFlight.run(() => Promise.resolve('well'), 1, 'other')).toBe('well');
    hanging.end();
    await Promise.all(running);
    await inFlight.run(() => Promise.resolve(), 1, 'hangs');
  });
});

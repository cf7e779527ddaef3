import { Socket } from 'node:net';
import { connectToFirst } from './connect.js';

/** Connections that fail or succeed when told to. */
class Attempts {
  readonly sockets = new Map<string, Socket>();

  constructor(private readonly outcome: Record<string, 'connects' | 'fails'> = {}) {}

  readonly open = (address: string): Socket => {
    const socket = new Socket();
    this.sockets.set(address, socket);
    if (this.outcome[address] === 'connects') setImmediate(() => socket.emit('connect'));
    if (this.outcome[address] === 'fails') setImmediate(() => socket.destroy(new Error(address)));
    return socket;
  };

  get tried(): string[] {
    return [...this.sockets.keys()];
  }

  get alive(): string[] {
    return this.tried.filter((address) => !this.sockets.get(address)!.destroyed);
  }
}

const never = new AbortController().signal;

describe('connectToFirst', () => {
  it('stops at the first address that accepts', async () => {
    const attempts = new Attempts({ '192.0.2.1': 'connects' });
    const socket = await connectToFirst(['192.0.2.1', '192.0.2.2'], attempts.open, never);
    expect(socket).toBe(attempts.sockets.get('192.0.2.1'));
    expect(attempts.tried).toEqual(['192.0.2.1']);
  });

  it('goes on to the next address when one fails', async () => {
    const attempts = new Attempts({ '192.0.2.1': 'fails', '192.0.2.2': 'connects' });
    const socket = await connectToFirst(['192.0.2.1', '192.0.2.2'], attempts.open, never);
    expect(socket).toBe(attempts.sockets.get('192.0.2.2'));
  });

  it('goes on to the next address when one hangs, and closes the one that hung', async () => {
    const attempts = new Attempts({ '192.0.2.2': 'connects' });
    await connectToFirst(['192.0.2.1', '192.0.2.2'], attempts.open, never);
    expect(attempts.alive).toEqual(['192.0.2.2']);
  });

  it('tries the families by turns, in the order given', async () => {
    const attempts = new Attempts({
      '2001:db8::1': 'fails',
      '192.0.2.1': 'fails',
      '2001:db8::2': 'fails',
      '2001:db8::3': 'fails',
    });
    const addresses = ['2001:db8::1', '2001:db8::2', '2001:db8::3', '192.0.2.1'];
    await expect(connectToFirst(addresses, attempts.open, never)).rejects.toThrow(AggregateError);
    expect(attempts.tried).toEqual(['2001:db8::1', '192.0.2.1', '2001:db8::2', '2001:db8::3']);
  });

  it('keeps every address where the second family has more', async () => {
    const attempts = new Attempts({ a: 'fails', '2001:db8::1': 'fails', '2001:db8::2': 'fails' });
    const addresses = ['a', '2001:db8::1', '2001:db8::2'];
    await expect(connectToFirst(addresses, attempts.open, never)).rejects.toThrow(AggregateError);
    expect(attempts.tried).toEqual(addresses);
  });

  it('tries eight addresses at most', async () => {
    const addresses = Array.from({ length: 100 }, (_, index) => `192.0.2.${index}`);
    const attempts = new Attempts(Object.fromEntries(addresses.map((ip) => [ip, 'fails'])));
    await expect(connectToFirst(addresses, attempts.open, never)).rejects.toThrow(AggregateError);
    expect(attempts.tried).toEqual(addresses.slice(0, 8));
  });

  it('closes every attempt on abort and rejects with the reason', async () => {
    const attempts = new Attempts({ '192.0.2.1': 'fails' });
    const controller = new AbortController();
    const connected = connectToFirst(['192.0.2.1', '192.0.2.2'], attempts.open, controller.signal);
    setTimeout(() => {
      controller.abort(new Error('enough'));
    }, 20);
    await expect(connected).rejects.toThrow('enough');
    expect(attempts.tried).toHaveLength(2);
    expect(attempts.alive).toEqual([]);
  });

  it('opens nothing where the signal has aborted already', async () => {
    const attempts = new Attempts();
    const signal = AbortSignal.abort(new Error('before'));
    await expect(connectToFirst(['192.0.2.1'], attempts.open, signal)).rejects.toThrow('before');
    expect(attempts.tried).toEqual([]);
  });
});

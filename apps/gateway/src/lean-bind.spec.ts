import { AsyncLocalStorage, AsyncResource } from 'node:async_hooks';
import { leanBind } from './lean-bind.js';

const { prototype } = AsyncResource;
const original = Object.getOwnPropertyDescriptor(prototype, 'bind')!;
const resource = () => new AsyncResource('test');

beforeAll(leanBind);
afterAll(() => {
  Object.defineProperty(prototype, 'bind', original);
});

describe('leanBind', () => {
  it('leaves out what Node deprecates', () => {
    expect(resource().bind(() => undefined)).not.toHaveProperty('asyncResource');
  });

  it('hands over arguments, what comes of them, and what is thrown', () => {
    const bound = resource().bind((a: number, b: number) => a - b);
    expect(bound(5, 3)).toBe(2);
    expect(bound).toHaveLength(2);
    const failing = resource().bind(() => {
      throw new RangeError('no');
    });
    expect(failing).toThrow(RangeError);
  });

  it('runs where it was made: what is stored there is found', () => {
    const storage = new AsyncLocalStorage<string>();
    const bound = storage.run('inside', () => resource().bind(() => storage.getStore()));
    expect(storage.run('outside', bound)).toBe('inside');
  });

  it('takes `this` from the caller, or as it is given', () => {
    function own(this: unknown): unknown {
      return this;
    }
    const caller = { bound: resource().bind(own) };
    expect(caller.bound()).toBe(caller);
    const given = {};
    // Node takes it, the types do not tell of it.
    const bind = resource() as unknown as { bind(fn: () => unknown, that: object): () => unknown };
    const other = { bound: bind.bind(own, given) };
    expect(other.bound()).toBe(given);
  });

  it('refuses what is no function', () => {
    expect(() => resource().bind(1 as unknown as () => void)).toThrow(TypeError);
  });
});

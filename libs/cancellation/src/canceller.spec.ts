import { jest } from '@jest/globals';
import { abortSignalOf, Canceller } from './index.js';

const reason = new Error('enough');

describe('Canceller', () => {
  it('has not aborted until it is told to', () => {
    const canceller = new Canceller();
    expect(canceller.aborted).toBe(false);
    expect(() => {
      canceller.throwIfAborted();
    }).not.toThrow();
  });

  it('keeps its first reason', () => {
    const canceller = new Canceller();
    canceller.abort(reason);
    canceller.abort(new Error('later'));
    expect(canceller.aborted).toBe(true);
    expect(canceller.reason).toBe(reason);
    expect(() => {
      canceller.throwIfAborted();
    }).toThrow(reason);
  });

  it('calls each listener once, in order, with the reason there already', () => {
    const canceller = new Canceller();
    const called: unknown[] = [];
    const first = () => called.push(['first', canceller.reason]);
    canceller.addEventListener('abort', first);
    canceller.addEventListener('abort', () => called.push('second'));
    canceller.addEventListener('abort', first);
    canceller.abort(reason);
    canceller.abort(reason);
    expect(called).toEqual([['first', reason], 'second']);
  });

  it('calls nobody who has left, one whom another listener took away among them', () => {
    const canceller = new Canceller();
    const left = jest.fn();
    const taken = jest.fn();
    canceller.addEventListener('abort', left);
    canceller.removeEventListener('abort', left);
    canceller.addEventListener('abort', () => {
      canceller.removeEventListener('abort', taken);
    });
    canceller.addEventListener('abort', taken);
    canceller.abort(reason);
    expect(left).not.toHaveBeenCalled();
    expect(taken).not.toHaveBeenCalled();
  });

  it('calls nobody who comes after the end, in the midst of it or later', () => {
    const canceller = new Canceller();
    const late = jest.fn();
    canceller.addEventListener('abort', () => {
      canceller.addEventListener('abort', late);
    });
    canceller.abort(reason);
    canceller.addEventListener('abort', late);
    expect(late).not.toHaveBeenCalled();
  });
});

describe('abortSignalOf', () => {
  it('gives an AbortSignal as it is', () => {
    const { signal } = new AbortController();
    expect(abortSignalOf(signal)).toBe(signal);
  });

  it('aborts with the reason of another', () => {
    const canceller = new Canceller();
    const signal = abortSignalOf(canceller);
    expect(signal.aborted).toBe(false);
    canceller.abort(reason);
    expect(signal.aborted).toBe(true);
    expect(signal.reason).toBe(reason);
  });

  it('has aborted where the other has', () => {
    const canceller = new Canceller();
    canceller.abort(reason);
    expect(abortSignalOf(canceller).reason).toBe(reason);
  });
});

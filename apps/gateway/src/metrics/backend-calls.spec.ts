import { jest } from '@jest/globals';
import { Registry } from 'prom-client';
import { BackendCalls } from './backend-calls.js';

const HOUR_MS = 3_600_000;

afterEach(() => {
  jest.useRealTimers();
});

describe('BackendCalls', () => {
  it('forgets a server that had no call for an hour, and counts it anew when it is back', async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
    const registry = new Registry();
    const calls = new BackendCalls(registry);
    const told = async () =>
      (await registry.metrics()).split('\n').filter((line) => line.startsWith('gateway_'));

    calls.count('10.0.0.1:8500');
    calls.count('10.0.0.1:8500');
    calls.count('10.0.0.2:8500');
    expect(await told()).toEqual([
      'gateway_backend_calls_total{backend="10.0.0.1:8500"} 2',
      'gateway_backend_calls_total{backend="10.0.0.2:8500"} 1',
    ]);

    jest.advanceTimersByTime(HOUR_MS / 2);
    calls.count('10.0.0.2:8500');
    jest.advanceTimersByTime(HOUR_MS / 2 + 1);
    expect(await told()).toEqual(['gateway_backend_calls_total{backend="10.0.0.2:8500"} 2']);

    calls.count('10.0.0.1:8500');
    expect(await told()).toContain('gateway_backend_calls_total{backend="10.0.0.1:8500"} 1');
  });
});

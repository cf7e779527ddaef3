import { jest } from '@jest/globals';
import { VersionWatch } from './version-watch.js';

let now: number;
let watch: VersionWatch;

beforeEach(() => {
  now = 1000;
  jest.spyOn(performance, 'now').mockImplementation(() => now);
  watch = new VersionWatch();
});

afterEach(() => {
  jest.restoreAllMocks();
});

describe('VersionWatch', () => {
  it('knows a version for a tenth of a second after it was asked for', () => {
    expect(watch.known).toBeUndefined();
    watch.hear('1', now);
    now += 99;
    expect(watch.known).toBe('1');
    now += 1;
    expect(watch.known).toBeUndefined();
  });

  it('does not go back for an answer that was long on its way', () => {
    watch.hear('2', 1000);
    watch.hear('1', 990);
    expect(watch.known).toBe('2');
    watch.hear('1', 1001);
    expect(watch.known).toBe('1');
  });
});

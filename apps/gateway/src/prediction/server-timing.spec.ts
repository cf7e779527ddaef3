import { jest } from '@jest/globals';
import { UNTIMED } from '../models/stage-times.js';
import { ServerTiming } from './server-timing.js';

describe('Server-Timing', () => {
  it('tells the stages that there were, in milliseconds to three places', () => {
    const timing = new ServerTiming(UNTIMED);
    timing.fetch(0.0123456);
    timing.decode(0.002);
    timing.resize(0);
    timing.infer(1.5);
    expect(timing.header(1600.00049)).toBe(
      'fetch;dur=12.346, decode;dur=2, resize;dur=0, infer;dur=1500, total;dur=1600',
    );
    expect(new ServerTiming(UNTIMED).header(3)).toBe('total;dur=3');
  });

  it('keeps nothing from those who count', () => {
    const times = { ...UNTIMED, decode: jest.fn() };
    new ServerTiming(times).decode(0.25);
    expect(times.decode.mock.calls).toEqual([[0.25]]);
  });
});

import { SlowFetches } from './slow-fetches.js';

describe('SlowFetches', () => {
  it('lets half of them be of one origin, and begins no more at it', () => {
    const slow = new SlowFetches(4);
    const ended = [slow.began('hangs'), slow.began('hangs')];
    expect(ended).not.toContain(undefined);
    expect(slow.began('hangs')).toBeUndefined();
    expect(() => {
      slow.expectRoom('hangs');
    }).toThrow('did not deliver the image in time');
    slow.expectRoom('other');
    ended[0]!();
    slow.expectRoom('hangs');
  });

  it('bounds all of them together, without closing an origin that is not slow', () => {
    const slow = new SlowFetches(4);
    for (const origin of ['a', 'b', 'c', 'd']) expect(slow.began(origin)).toBeDefined();
    expect(slow.began('e')).toBeUndefined();
    slow.expectRoom('e');
  });

  it('lets one be slow, however few may', () => {
    expect(new SlowFetches(1).began('a')).toBeDefined();
  });
});

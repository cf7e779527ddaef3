import { parsePredictQuery } from './predict-query.js';

describe('parsePredictQuery', () => {
  it('leaves all open where nothing is asked for', () => {
    expect(parsePredictQuery({})).toEqual({
      top: undefined,
      model: undefined,
      choice: { version: undefined, versionLabel: undefined },
    });
  });

  it('takes a version or a label', () => {
    expect(parsePredictQuery({ version: '9223372036854775807' }).choice.version).toBe(
      '9223372036854775807',
    );
    expect(parsePredictQuery({ label: 'canary' }).choice.versionLabel).toBe('canary');
  });

  it.each([
    ['a version of zero', { version: '0' }, '"version"'],
    ['a version that is no number', { version: 'latest' }, '"version"'],
    ['an empty version', { version: '' }, '"version"'],
    ['two versions', { version: ['1', '2'] }, '"version"'],
    ['an empty label', { label: '' }, '"label"'],
    ['a label of two words', { label: 'a b' }, '"label"'],
    ['a label that is too long', { label: 'x'.repeat(129) }, '"label"'],
    ['a version and a label', { version: '1', label: 'stable' }, 'either "version" or "label"'],
    ['an empty model', { model: '' }, '"model"'],
  ])('refuses %s and names it', (_name, query, words) => {
    expect(() => parsePredictQuery(query)).toThrow(words);
  });
});

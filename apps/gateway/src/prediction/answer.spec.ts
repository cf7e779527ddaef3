import { renderScores } from './answer.js';

describe('renderScores', () => {
  it('keeps the order of the labels', () => {
    expect(renderScores(['b', 'a'], [0.25, 0.75])).toBe('{"b":0.25,"a":0.75}');
  });

  it('puts the best first where only some are asked for', () => {
    expect(renderScores(['a', 'b', 'c'], [0.2, 0.5, 0.3], 2)).toBe('{"b":0.5,"c":0.3}');
  });

  it('answers all where more are asked for than there are', () => {
    expect(renderScores(['a', 'b'], [0.2, 0.8], 9)).toBe('{"b":0.8,"a":0.2}');
  });

  it('keeps the order of labels that are numbers', () => {
    expect(renderScores(['7', '0'], [0.1, 0.9])).toBe('{"7":0.1,"0":0.9}');
  });

  it('escapes labels', () => {
    expect(JSON.parse(renderScores(['a"b', '__proto__'], [0.5, 0.5]))).toHaveProperty('a"b', 0.5);
  });
});

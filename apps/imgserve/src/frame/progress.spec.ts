import { progressOn } from './progress.js';

function recorded(isTTY: boolean): { lines: string[]; progress: ReturnType<typeof progressOn> } {
  const lines: string[] = [];
  const progress = progressOn({ isTTY, columns: 12, write: (text) => lines.push(text) });
  return { lines, progress };
}

describe('progress', () => {
  it('is nothing where nobody watches', () => {
    const { lines, progress } = recorded(false);
    progress.tell('reading', 1, 2);
    progress.clear();
    expect(lines).toEqual([]);
  });

  it('is one line that is written again, never wider than the terminal, and taken back', () => {
    const { lines, progress } = recorded(true);
    progress.tell('reading a model');
    progress.tell('images', 2, 2);
    progress.clear();
    expect(lines).toEqual(['\r\u001b[Kreading a m', '\r\u001b[Kimages 2/2', '\r\u001b[K']);
  });
});

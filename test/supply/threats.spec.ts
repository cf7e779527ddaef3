import { readFileSync } from 'node:fs';
import { projectPath } from '#project';

const text = readFileSync(projectPath('SECURITY.md'), 'utf8');
const rows = text
  .slice(text.indexOf('## Threats'), text.indexOf('What is not defended against'))
  .split('\n')
  .filter((line) => line.startsWith('| ') && !/^\| (threat|---) /.test(line));

const shown = rows.map((row) => ({
  threat: row.split(' | ')[0]!.slice(2),
  tests: [...row.matchAll(/`([\w./-]+\.ts)` "([^"]+)"/g)].map(([, file, name]) => ({
    file: file!,
    name: name!,
  })),
}));

describe('a threat that SECURITY.md names', () => {
  it.each(shown)('has a test: $threat', ({ tests }) => {
    expect(tests).not.toEqual([]);
    for (const { file, name } of tests)
      expect({
        file,
        has: readFileSync(projectPath(file), 'utf8').includes(name) ? name : '',
      }).toEqual({ file, has: name });
  });

  it('is in every row of the table', () => {
    expect(rows.length).toBeGreaterThan(20);
  });
});

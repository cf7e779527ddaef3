import { parseDocument } from 'yaml';

/**
 * @param text undefined where the file could not be read
 * @throws Error in our own words: it is shown on /readyz
 */
export function parseYaml(text: string | undefined): unknown {
  if (text === undefined) throw new Error('expected a readable file');
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error !== undefined) {
    const { line, col } = error.linePos?.[0] ?? { line: 1, col: 1 };
    throw new Error(`expected YAML, which ends at line ${line}, column ${col}`);
  }
  try {
    return document.toJS();
  } catch {
    // Aliases that name nothing, or that would grow past all bounds.
    throw new Error('expected YAML whose aliases can be resolved');
  }
}

import type { Answer } from './ask.js';

/** What the columns hold. */
export const CSV_HEAD = 'image,rank,class,probability,version,problem';

/** An answer as RFC 4180 has it: a row for each class of the image, or for its problem. */
export function csvOf(answer: Answer): string {
  const { image } = answer;
  const rows =
    'problem' in answer
      ? [[image, '', '', '', '', `${answer.problem.code}: ${answer.problem.detail}`]]
      : answer.best.map(({ label, probability }, index) => [
          image,
          index + 1,
          label,
          probability,
          answer.version,
          '',
        ]);
  return rows.map((row) => row.map(field).join(',')).join('\r\n');
}

function field(value: string | number | undefined = ''): string {
  // A spreadsheet would run it as a formula.
  const text =
    typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

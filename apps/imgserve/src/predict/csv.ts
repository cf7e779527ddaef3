import type { Answer } from './ask.js';

const HEAD = ['image', 'rank', 'class', 'probability', 'version', 'problem'];

/** Answers as RFC 4180 has it: a row for each class of an image, or for its problem. */
export function csvOf(answers: readonly Answer[]): string {
  const rows = answers.flatMap((answer): (string | number | undefined)[][] => {
    if ('problem' in answer) {
      const { code, detail } = answer.problem;
      return [[answer.image, '', '', '', '', `${code}: ${detail}`]];
    }
    return answer.best.map(({ label, probability }, index) => [
      answer.image,
      index + 1,
      label,
      probability,
      answer.version,
      '',
    ]);
  });
  return [HEAD, ...rows].map((row) => row.map(field).join(',')).join('\r\n');
}

function field(value: string | number | undefined = ''): string {
  // A spreadsheet would run it as a formula.
  const text =
    typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

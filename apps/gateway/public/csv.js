const HEAD = ['file', 'class', 'probability', 'model', 'version', 'problem'];

/** The items as RFC 4180 has it, with a mark by which spreadsheets know the encoding. */
export function csvOf(items) {
  const rows = items.map(({ file, label, probability, model, version, problem }) => [
    file.name,
    label,
    probability,
    model,
    version,
    problem && `${problem.code}: ${problem.ofFile.title}`,
  ]);
  return `\uFEFF${[HEAD, ...rows].map((row) => `${row.map(field).join(',')}\r\n`).join('')}`;
}

function field(value = '') {
  let text = String(value);
  // A spreadsheet would run it as a formula.
  if (typeof value === 'string' && /^[=+\-@\t\r]/.test(text)) text = `'${text}`;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

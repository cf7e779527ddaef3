import { cpus, loadavg } from 'node:os';
import { writeFileSync } from 'node:fs';

type Cell = string | number;

/** A table in Markdown; the first column holds words, the others figures. */
export function table(header: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const rule = header.map((_, column) => (column === 0 ? '---' : '---:'));
  return [header, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** Prints what a benchmark has to say, and writes it to a file where one is wanted. */
export function publish(parts: readonly string[], file: string | undefined): void {
  const text = `${parts.join('\n\n')}\n`;
  process.stdout.write(text);
  if (file !== undefined) writeFileSync(file, text);
}

/** Without which no figure can be compared with another day's. */
export function machine(stub?: string): string {
  const model = cpus()[0]!.model.trim();
  const load = loadavg()[0]!.toFixed(1);
  const behind = stub === undefined ? '' : `; the model is ${stub}`;
  return `${cpus().length} × ${model}, Node ${process.version}; load average at the end ${load}${behind}.`;
}

export function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** At three digits; whole numbers as they are. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (Number.isInteger(value)) return String(value);
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

/** "no failure", or what went wrong how often. */
export function failuresOf(failures: Readonly<Record<string, number>>): string {
  const told = Object.entries(failures).map(([what, count]) => `${what} ×${count}`);
  return told.length > 0 ? told.join(', ') : '0';
}

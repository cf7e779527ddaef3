import type { Style } from '../frame/style.js';
import type { SignatureInfo, TensorInfo } from '../model-file/model-info.js';

/** One signature: its name, then a line for each input and output. */
export function signatureText(
  name: string,
  { method_name: method, inputs, outputs, last_ops: ops = {} }: Partial<SignatureInfo>,
  { bold, dim }: Style,
): string {
  const rows = [
    ...Object.entries(inputs ?? {}).map(([alias, info]) => ['input', alias, info] as const),
    ...Object.entries(outputs ?? {}).map(([alias, info]) => ['output', alias, info] as const),
  ];
  const widest = (texts: string[]): number => Math.max(...texts.map(({ length }) => length), 0);
  const widths = [
    widest(rows.map(([, alias]) => alias)),
    widest(rows.map(([, , { dtype }]) => dtype)),
    widest(rows.map(([, , info]) => shapeText(info))),
  ] as const;
  const lines = rows.map(([kind, alias, info]) => {
    const op = kind === 'output' ? ops[alias] : undefined;
    const made = op === undefined ? undefined : `by ${op}`;
    const rest = [info.name, made].filter((words) => words !== undefined).join(', ');
    const [shape, tail] = [shapeText(info).padEnd(widths[2]), dim(rest)];
    const columns = [kind.padEnd(6), alias.padEnd(widths[0]), info.dtype.padEnd(widths[1]), shape];
    return `  ${[...columns, tail].join('  ').trimEnd()}`;
  });
  const methodText = method === undefined || method === '' ? '' : dim(`  ${method}`);
  return [`signature ${bold(name)}${methodText}`, ...lines].join('\n');
}

/** `[N, 299, 299, 3]`: N for the batch, ? for another size that is open. */
function shapeText({ shape }: TensorInfo): string {
  if (shape === null) return 'any shape';
  const sizes = shape.map((size, axis) => (size >= 0 ? size : axis === 0 ? 'N' : '?'));
  return `[${sizes.join(', ')}]`;
}

import type { Tensor } from '#tensor';
import type { PredictBody } from './predict-request.js';
import { jsonElements, jsonNested } from './json-values.js';

type Outputs = Readonly<Record<string, Tensor>>;

/**
 * A model's raw outputs as TensorFlow Serving's REST API answers them: `predictions`, a value for each
 * instance, or `outputs`, a value for each output. A single output goes without its name.
 */
export function renderOutputs(outputs: Outputs, format: PredictBody['format']): string {
  return format === 'instances'
    ? `{"predictions":[${renderRows(outputs).join(',')}]}`
    : `{"outputs":${renderColumns(outputs)}}`;
}

function renderRows(outputs: Outputs): string[] {
  const columns = Object.entries(outputs).map(([alias, tensor]) => {
    const [rows = 0, ...shape] = tensor.shape;
    const elements = jsonElements(tensor, alias);
    const length = elements.length / rows;
    return Array.from({ length: rows }, (_, row) => ({
      alias,
      json: jsonNested(elements.slice(row * length, (row + 1) * length), shape),
    }));
  });
  const [first = [], ...others] = columns;
  if (others.length === 0) return first.map(({ json }) => json);
  return first.map((_, row) => renderObject(columns.map((column) => column[row]!)));
}

function renderColumns(outputs: Outputs): string {
  const members = Object.entries(outputs).map(([alias, tensor]) => ({
    alias,
    json: jsonNested(jsonElements(tensor, alias), tensor.shape),
  }));
  return members.length === 1 ? members[0]!.json : renderObject(members);
}

function renderObject(members: readonly { alias: string; json: string }[]): string {
  return `{${members.map(({ alias, json }) => `${JSON.stringify(alias)}:${json}`).join(',')}}`;
}

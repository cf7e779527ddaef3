import type { OpenAPIObject } from '@nestjs/swagger';

/** What the parameters in the paths of models mean, and what they add to the name of an operation. */
const PARAMETERS: Readonly<Record<string, { description: string; of: string }>> = {
  name: { description: 'A model of the catalogue.', of: '' },
  version: { description: 'A version of it, by number.', of: 'OfVersion' },
  label: { description: 'A version of it, by label.', of: 'OfLabel' },
};

/**
 * Describes the parameters of paths. A handler of several paths says nothing of them: they would be
 * described for each, though not all have them; and its operations would be called alike.
 */
export function describeModelPaths({ paths }: OpenAPIObject): void {
  for (const [path, methods] of Object.entries(paths)) {
    const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!);
    for (const operation of [methods.get, methods.post]) {
      if (operation === undefined) continue;
      for (const name of names) {
        const { description, of } = PARAMETERS[name]!;
        const schema = { type: 'string' };
        operation.parameters ??= [];
        operation.parameters.push({ name, in: 'path', required: true, description, schema });
        operation.operationId = `${operation.operationId ?? ''}${of}`;
      }
    }
  }
}

import type { OpenAPIObject } from '@nestjs/swagger';

/** What the parameters in paths mean, and what they add to the name of an operation. */
const PARAMETERS: Readonly<
  Record<string, { description: string; example: string; format: string; of: string }>
> = {
  name: {
    description: 'A model of the catalogue.',
    example: 'clothing-model',
    format: 'model-name',
    of: '',
  },
  version: {
    description: 'A version of it, by number.',
    example: '1',
    format: 'model-version',
    of: 'OfVersion',
  },
  label: {
    description: 'A version of it, by label.',
    example: 'stable',
    format: 'model-label',
    of: 'OfLabel',
  },
  file: { description: 'Its file.', example: 'pants.jpg', format: 'sample-file', of: '' },
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
      const described = operation.parameters?.filter(
        (parameter) => !('in' in parameter && parameter.in === 'path'),
      );
      operation.parameters = [
        ...names.map((name) => {
          const { description, example, format } = PARAMETERS[name]!;
          const schema = { type: 'string', minLength: 1, format };
          return { name, in: 'path' as const, required: true, description, example, schema };
        }),
        ...(described ?? []),
      ];
      const choices = names.map((name) => PARAMETERS[name]!.of);
      operation.operationId = [operation.operationId, ...choices].join('');
    }
  }
}

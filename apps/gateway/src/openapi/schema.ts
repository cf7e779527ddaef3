import type { OpenAPIObject } from '@nestjs/swagger';

/** A JSON Schema as OpenAPI 3.1 has it. */
export type Schema = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>[string];

/** Schemas that have a name, so that generated clients have types of that name. */
export type Schemas = Readonly<Record<string, Schema>>;

export function ref(name: string): Schema {
  return { $ref: `#/components/schemas/${name}` };
}

/** An object of just these properties, all of them required but those named in `optional`. */
export function objectOf(
  properties: Record<string, Schema>,
  {
    optional = [],
    ...others
  }: {
    optional?: string[];
    title?: string;
    description?: string;
    additionalProperties?: true;
  } = {},
): Schema {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return {
    type: 'object',
    ...(required.length > 0 && { required }),
    properties,
    additionalProperties: false,
    ...others,
  };
}

type Examples = Record<string, { summary?: string; value: unknown }>;

/** The content of a request or an answer in JSON. */
export function json(schema: Schema, examples?: Examples) {
  return { 'application/json': { schema, ...(examples && { examples }) } };
}

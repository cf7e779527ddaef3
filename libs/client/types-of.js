import openapiTypescript, { astToString } from 'openapi-typescript';
import { format, resolveConfig } from 'prettier';

const HEADER = '// Made from /openapi.json by `npm run client:types`.\n\n';

/** The TypeScript of an OpenAPI document's schemas, formatted as the rest of the code. */
export async function typesOf({ components: { schemas }, ...document }) {
  const described = { ...document, paths: {}, components: { schemas } };
  const nodes = (await openapiTypescript(described, { alphabetize: true })).filter(
    ({ name }) => name?.text === 'components',
  );
  const options = await resolveConfig(new URL('src/openapi.ts', import.meta.url));
  return format(HEADER + astToString(nodes), { ...options, parser: 'typescript' });
}

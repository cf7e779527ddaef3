import { createConfig, lintFromString } from '@redocly/openapi-core';
import { routesOf } from '../../apps/gateway/src/http/allowed-methods.js';
import { templateOf } from '../../apps/gateway/src/http/route-pattern.js';
import { startStack, type Stack } from '../support/stack.js';

interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, Content>> };
  readonly responses: Readonly<Record<string, { readonly content?: Record<string, Content> }>>;
}

interface Content {
  readonly examples?: Readonly<Record<string, { readonly value: unknown }>>;
}

interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

/** The pages, and what they load: for people, not programs. */
const PAGES = /^GET (\/|\/docs\/?|(\/docs)?\/[\w-]+\.(html|js|css|svg))$/;

let stack: Stack;
let text: string;
let document: Document;

beforeAll(async () => {
  stack = await startStack({ BATCH_MAX_IMAGES: '7' });
  text = await (await fetch(new URL('/openapi.json', stack.url))).text();
  document = JSON.parse(text) as Document;
});

afterAll(() => stack.close());

const operations = () =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );

describe('the API description', () => {
  it('lists the routes that there are and no others', () => {
    const routes = routesOf(stack.app.getHttpAdapter().getInstance())
      // Each route that can be read answers HEAD as well (RFC 9110, 9.3.2).
      .filter((route) => !route.startsWith('HEAD ') && !PAGES.test(route))
      .map((route) => templateOf(route).replace(/\/:(\w+)/g, '/{$1}'));
    expect(
      operations()
        .map(({ path, method }) => `${method.toUpperCase()} ${path}`)
        .sort(),
    ).toEqual(routes.sort());
  });

  it('is valid OpenAPI 3.1, with examples of their schemas', async () => {
    expect(document.openapi).toMatch(/^3\.1\.\d$/);
    const config = await createConfig({
      extends: ['recommended-strict'],
      rules: {
        'no-invalid-media-type-examples': { severity: 'error', allowAdditionalProperties: true },
        'no-invalid-parameter-examples': 'error',
        'no-invalid-schema-examples': 'error',
        'no-unused-components': 'error',
        // Keys are asked for only where the service has some.
        'security-defined': 'off',
        // Where it answers is told by the host that gave it.
        'no-server-example.com': 'off',
        // Probes and the list of models cannot fail by the request.
        'operation-4xx-response': 'off',
        // A path with a verb, "{name}:predict", is no more ambiguous than TensorFlow Serving's own.
        'no-ambiguous-paths': 'off',
      },
    });
    const problems = await lintFromString({ source: text, config });
    expect(
      problems.map(({ ruleId, message, location }) => [ruleId, message, location[0]?.pointer]),
    ).toEqual([]);
  });

  it('calls no two operations alike, and describes every parameter of a path', () => {
    const ids = operations().map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { path, operation } of operations()) {
      const described = operation.parameters?.filter((parameter) => parameter.in === 'path') ?? [];
      expect(described.map(({ name }) => `{${name}}`)).toEqual(path.match(/\{\w+\}/g) ?? []);
    }
  });

  it('tells the limits that the service runs with', () => {
    expect(document).toHaveProperty('components.schemas.Images.properties.images.maxItems', 7);
  });

  it('shows requests that are answered as it shows', async () => {
    let asked = 0;
    for (const { path, method, operation } of operations()) {
      // Links lead out of this machine; labels and limits are given by operators; one of many samples is shown.
      if (/\{label\}|samples|page-settings|openapi.json/.test(path)) continue;
      const shown = examplesOf(operation.responses['200']?.content).map(([, value]) => value);
      const sent = examplesOf(operation.requestBody?.content);
      const bodies = method === 'get' ? [undefined] : sent.filter(([name]) => !/link/.test(name));
      for (const body of bodies) {
        const response = await fetch(urlOf(path, operation), {
          method,
          headers: { 'content-type': 'application/json' },
          body: body && JSON.stringify(body[1]),
        });
        expect(shown.map(rounded)).toContainEqual(rounded(await response.json()));
        asked++;
      }
    }
    expect(asked).toBeGreaterThan(12);
  });
});

function urlOf(path: string, { parameters = [] }: Operation): URL {
  const named = path.replace('{name}', 'clothing-model').replace('{version}', '1');
  const url = new URL(named, stack.url);
  if (parameters.some(({ name }) => name === 'top')) url.searchParams.set('top', '2');
  return url;
}

function examplesOf(content: Readonly<Record<string, Content>> | undefined): [string, unknown][] {
  const examples = content?.['application/json']?.examples ?? {};
  return Object.entries(examples).map(([name, { value }]) => [name, value]);
}

/** Processors round the last digits otherwise, of numbers and of classes ("5.038164:9:t-shirt"). */
function rounded(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (_key, member: unknown) => {
    if (typeof member === 'number') return Number(member.toFixed(3));
    if (typeof member !== 'string') return member;
    return member.replace(/^-?\d+\.\d+(?=:\d+:)/, (score) => Number(score).toFixed(3));
  });
}

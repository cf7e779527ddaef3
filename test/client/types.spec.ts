import { readFileSync } from 'node:fs';
import { projectPath } from '#project';
import { startStack, type Stack } from '../support/stack.js';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack();
});

afterAll(() => stack.close());

describe("the client's types", () => {
  it('are those of what /openapi.json describes (npm run client:types makes them anew)', async () => {
    const document: unknown = await (await fetch(new URL('/openapi.json', stack.url))).json();
    const { typesOf } = (await import(projectPath('libs', 'client', 'types-of.js'))) as {
      typesOf: (document: unknown) => Promise<string>;
    };
    const written = readFileSync(projectPath('libs', 'client', 'src', 'openapi.ts'), 'utf8');
    expect(written).toBe(await typesOf(document));
  });
});

import { runInThisContext } from 'node:vm';

/** The variables that Node itself reads; Jest gives tests a copy, which Node never looks at. */
const { env } = runInThisContext('process') as NodeJS.Process;

/** Runs `body` with variables set, and puts back what was there. */
export async function withEnvironment(
  variables: Record<string, string>,
  body: () => Promise<void>,
): Promise<void> {
  const before = Object.keys(variables).map((name) => [name, env[name]] as const);
  Object.assign(env, variables);
  try {
    await body();
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) Reflect.deleteProperty(env, name);
      else env[name] = value;
    }
  }
}

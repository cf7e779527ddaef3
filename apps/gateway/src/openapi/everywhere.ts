import type { OpenAPIObject } from '@nestjs/swagger';
import type { ErrorCode } from '#errors';
import { codesOf, problemAnswer } from '../errors/problem.openapi.js';

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;
type Answer = ReturnType<typeof problemAnswer>;

const METHODS = ['get', 'post'] as const;

const REQUEST_ID_HEADER = {
  'X-Request-Id': {
    description: "The request's name in the log: the caller's own where it may be one.",
    required: true,
    schema: { type: 'string', pattern: '^[A-Za-z0-9._-]{1,128}$' },
  },
};

/** What each operation of the API has, or each of a kind, so that none has to say it. */
export function describeEverywhere({ paths }: OpenAPIObject): void {
  for (const [path, methods] of Object.entries(paths)) {
    for (const operation of METHODS.map((method) => methods[method])) {
      if (operation === undefined) continue;
      if (path.includes('{'))
        addProblem(operation, 400, 'The address is malformed.', 'INVALID_REQUEST');
      addProblem(operation, 500, 'A fault of the service itself.', ...codesOf(500));
      const answers = Object.values(operation.responses) as Partial<Answer>[];
      for (const answer of answers) answer.headers = { ...REQUEST_ID_HEADER, ...answer.headers };
      if (/^\/v[12](\/|$)/.test(path)) repeatDetails(answers);
    }
  }
}

function addProblem(
  { responses }: Operation,
  status: number,
  description: string,
  ...codes: ErrorCode[]
): void {
  responses[status] ??= problemAnswer(status, description, codes) as never;
}

/** As the filter of problems does for the protocols of others. */
function repeatDetails(answers: readonly Partial<Answer>[]): void {
  for (const { content } of answers) {
    const problem = content?.['application/problem+json'];
    if (problem === undefined) continue;
    Object.assign(problem.schema.allOf[1]!, { required: ['error'] });
    for (const { value } of Object.values(problem.examples)) {
      Object.assign(value, { error: value.detail });
    }
  }
}

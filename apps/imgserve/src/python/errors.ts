/** Python is missing, or what ran in it failed; the message is for the user. */
export class PythonError extends Error {
  override readonly name = 'PythonError';

  /** @param output the end of what it wrote to stderr, for whoever wants to know more */
  constructor(
    message: string,
    { output = '', ...options }: ErrorOptions & { readonly output?: string } = {},
  ) {
    super(output === '' ? message : `${message}\n${output}`, options);
  }
}

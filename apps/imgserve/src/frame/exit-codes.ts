/** What the process ends with; README.md tells callers of them. */
export const EXIT = {
  ok: 0,
  /** What was asked to be checked does not hold. */
  failed: 1,
  /** The command was called wrongly: arguments, options, or what they would overwrite. */
  usage: 2,
  /** A file or folder that was given cannot be used. */
  input: 3,
  /** A server could not be reached, or answered with an error. */
  server: 4,
  /** A program or package of the machine's that is needed is not there. */
  missing: 5,
  /** A fault of our own: sysexits' EX_SOFTWARE. */
  internal: 70,
  interrupted: 130,
  terminated: 143,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

import { ImageSourceFailedError } from './errors.js';

/** Status line and headers of an HTTP/1 answer. */
export interface ResponseHead {
  readonly status: number;
  /** Whether its connection may serve another request, as far as the head tells (RFC 9112, section 9.3). */
  readonly isPersistent: boolean;
  /** By lower-cased name; the values of equal names are joined by commas (RFC 9110, section 5.3). */
  readonly headers: ReadonlyMap<string, string>;
}

const STATUS_LINE = /^HTTP\/1\.([01]) (\d{3})(?: [^\r\n\0]*)?$/;
/** A token, a colon right behind it, and a value without the white space around it. */
const FIELD_LINE = /^([\w!#$%&'*+.^`|~-]+):[ \t]*([^\r\n\0]*?)[ \t]*$/;
/** A line that goes on in the next one: obsolete, to be read as one space (RFC 9112, section 5.2). */
const FOLD = /\r\n[ \t]+/g;

/**
 * Reads a head strictly: what one reader takes for a header and another does not is how answers are
 * smuggled past checks.
 *
 * @param text up to the empty line, without it; bytes as Latin-1
 * @throws ImageSourceFailedError where it is not valid HTTP/1
 */
export function parseHead(text: string): ResponseHead {
  const [statusLine = '', ...lines] = text.replace(FOLD, ' ').split('\r\n');
  const [, minor, status] = STATUS_LINE.exec(statusLine) ?? [];
  if (status === undefined) throw invalidAnswer();
  const headers = new Map<string, string>();
  for (const line of lines) {
    const [, name, value] = FIELD_LINE.exec(line) ?? [];
    if (name === undefined) throw invalidAnswer();
    const key = name.toLowerCase();
    const before = headers.get(key);
    headers.set(key, before === undefined ? value! : `${before}, ${value!}`);
  }
  const connection = headers.get('connection')?.toLowerCase() ?? '';
  const isPersistent =
    minor === '1' ? !/\bclose\b/.test(connection) : /\bkeep-alive\b/.test(connection);
  return { status: Number(status), isPersistent, headers };
}

/** What breaks off and what is not HTTP is told with the same words. */
export function invalidAnswer(cause?: unknown): ImageSourceFailedError {
  return new ImageSourceFailedError(
    'The image source broke off, or answered with something that is not valid HTTP.',
    { cause },
  );
}

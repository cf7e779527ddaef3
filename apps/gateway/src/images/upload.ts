import { InvalidRequestError } from '../errors/errors.js';

/** Of the one part: two or three headers are usual. */
const MAX_HEADER_BYTES = 16 * 1024;
/** What a form may have around its file. */
export const FORM_SLACK_BYTES = 2 * MAX_HEADER_BYTES;

const LINE = Buffer.from('\r\n');
const BLANK_LINE = Buffer.from('\r\n\r\n');

/** RFC 2046, section 5.1.1. */
const BOUNDARY = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70})(?=[\s;]|$))/i;
const DISPOSITION = /^content-disposition:[ \t]*form-data[ \t]*(;.*)$/im;
const NAME = /;[ \t]*name=(?:"([^"]*)"|([^\s;"]+))/i;
/** As browsers and servers have it: what has a name of its own is a file, or what is bytes. */
const FILE_NAME = /;[ \t]*filename\*?=/i;
const BYTES_TYPE = /^content-type:[ \t]*application\/octet-stream\b/im;

/**
 * The one file of a form, in its field `image` (RFC 7578). Read from the whole body, since no more is
 * in it: a parser of streams has states that it does not get out of.
 *
 * @param type the request's Content-Type
 * @returns a view of the body
 * @throws InvalidRequestError
 */
export function readUpload(body: Buffer, type: string): Buffer {
  const boundary = BOUNDARY.exec(type);
  if (boundary === null) throw unreadable();
  const delimiter = Buffer.from(`\r\n--${boundary[1] ?? boundary[2]!}`, 'latin1');
  const first = endOfFirst(body, delimiter);
  if (isLast(body, first)) {
    throw new InvalidRequestError('Expected a file in the form field "image".');
  }
  const headersEnd = body.subarray(first, first + MAX_HEADER_BYTES).indexOf(BLANK_LINE);
  if (headersEnd < 0) throw unreadable();
  const start = first + headersEnd + BLANK_LINE.length;
  // The line's end before a delimiter is part of it, and of an empty file all that there is.
  const end = body.indexOf(delimiter, start - LINE.length);
  if (end < 0) throw unreadable();
  const headers = body.toString('utf8', first, first + headersEnd);
  if (!isImageFile(headers) || !isLast(body, end + delimiter.length)) {
    throw new InvalidRequestError('Expected one file in the form field "image" and nothing else.');
  }
  return body.subarray(start, Math.max(start, end));
}

/** What may stand before the first delimiter is for readers who know no forms. */
function endOfFirst(body: Buffer, delimiter: Buffer): number {
  const bare = delimiter.subarray(LINE.length);
  if (body.subarray(0, bare.length).equals(bare)) return bare.length;
  const at = body.indexOf(delimiter);
  if (at < 0) throw unreadable();
  return at + delimiter.length;
}

/** The delimiter that ends a form goes on with two dashes. */
function isLast(body: Buffer, delimiterEnd: number): boolean {
  return body.toString('latin1', delimiterEnd, delimiterEnd + 2) === '--';
}

function isImageFile(headers: string): boolean {
  const disposition = DISPOSITION.exec(headers)?.[1] ?? '';
  const name = NAME.exec(disposition);
  const isFile = FILE_NAME.test(disposition) || BYTES_TYPE.test(headers);
  return isFile && (name?.[1] ?? name?.[2]) === 'image';
}

function unreadable(): InvalidRequestError {
  return new InvalidRequestError('The form could not be read.');
}

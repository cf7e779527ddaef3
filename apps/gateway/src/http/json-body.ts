import { InvalidRequestError } from '../errors/errors.js';

/** Far more than images, as links or in base64, need. */
const MAX_VALUES = 65_536;
const MAX_DEPTH = 64;
const MAX_BYTES_BETWEEN_STRINGS = 1 << 20;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * A JSON body as a value. What it may unfold to is bounded before anything is built: a list of two
 * bytes takes thirty times as many once it is parsed, so that a body of allowed length could take all
 * memory.
 *
 * @throws InvalidRequestError where it is not JSON, or holds more values than any request needs
 */
export function parseJson(body: Buffer): unknown {
  expectFewValues(body);
  try {
    return JSON.parse(body.toString('utf8'));
  } catch (cause) {
    throw new InvalidRequestError('The request body could not be read as its type says.', {
      cause,
    });
  }
}

function expectFewValues(body: Buffer): void {
  let values = 0;
  let depth = 0;
  let between = 0;
  for (let position = 0; position < body.length; position++) {
    switch (body[position]) {
      case QUOTE: {
        const [end, escaped] = endOfString(body, position + 1);
        values += escaped;
        position = end;
        break;
      }
      case 0x5b: // [
      case 0x7b: // {
        depth++;
        values++;
        break;
      case 0x5d: // ]
      case 0x7d: // }
        depth--;
        break;
      case 0x2c: // ,
        values++;
        break;
    }
    between++;
    if (values > MAX_VALUES || depth > MAX_DEPTH || between > MAX_BYTES_BETWEEN_STRINGS) {
      throw new InvalidRequestError(
        `Expected JSON of at most ${MAX_VALUES} values, ${MAX_DEPTH} deep, and images as links or in base64.`,
      );
    }
  }
}

/** Where a string ends, or the body, and how many quotes it has escaped, as far as that matters. */
function endOfString(body: Buffer, start: number): [end: number, escaped: number] {
  let escaped = 0;
  for (let from = start; escaped <= MAX_VALUES; escaped++) {
    const quote = body.indexOf(QUOTE, from);
    if (quote < 0) return [body.length, escaped];
    let backslashes = 0;
    while (body[quote - 1 - backslashes] === BACKSLASH && quote - backslashes > start) {
      backslashes++;
    }
    if (backslashes % 2 === 0) return [quote, escaped];
    from = quote + 1;
  }
  return [body.length, escaped];
}

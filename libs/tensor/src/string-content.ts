import { InvalidTensorError } from './errors.js';

/**
 * Strings in `tensor_content`: the varint32 length of each, then the bytes of all (`EncodeStringList`
 * in TensorFlow's tensor_coding.cc). The strings are views of the content.
 * @throws InvalidTensorError where the lengths do not add up to the content.
 */
export function stringsFromContent(content: Uint8Array, count: number): Uint8Array[] {
  // A length takes a byte at least, which bounds the work by what was sent.
  if (count > content.length) {
    throw mismatch();
  }
  const lengths: number[] = [];
  let position = 0;
  for (let index = 0; index < count; index++) {
    let length = 0;
    let scale = 1;
    let byte: number;
    do {
      byte = content[position++] ?? 0xff;
      length += (byte & 0x7f) * scale;
      scale *= 128;
      if (scale > 2 ** 35) {
        throw mismatch();
      }
    } while (byte > 0x7f);
    lengths.push(length);
  }
  if (position + lengths.reduce((sum, length) => sum + length, 0) !== content.length) {
    throw mismatch();
  }
  return lengths.map((length) => content.subarray(position, (position += length)));
}

function mismatch(): InvalidTensorError {
  return new InvalidTensorError('Expected tensor_content to hold one length and text per string');
}

/** Bits that one look-up of a Huffman table decodes. */
export const BITS = 10;

/** Bits that one look-up reads past. */
export const SKIP_BITS = 14;

/** Bits that one look-up of a Huffman table decodes. */
export const BITS = 10;

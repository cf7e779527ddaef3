/** A picture that is decoded here. */
export const OK: i32 = 0;
/** Of a kind that is not decoded here: arithmetic coding, inks, twelve bits, odd sampling. */
export const UNSUPPORTED: i32 = 1;
/** Broken, or so unusual that libjpeg's way of coping with it would have to be followed. */
export const IRREGULAR: i32 = 2;

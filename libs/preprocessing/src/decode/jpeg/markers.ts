/** JPEG marker codes (ITU-T T.81, table B.1), without their leading 0xff. */
export const Marker = {
  SOF0: 0xc0,
  DHT: 0xc4,
  JPG: 0xc8,
  DAC: 0xcc,
  RST0: 0xd0,
  RST7: 0xd7,
  SOI: 0xd8,
  EOI: 0xd9,
  SOS: 0xda,
  DQT: 0xdb,
  DNL: 0xdc,
  DRI: 0xdd,
  DHP: 0xde,
  EXP: 0xdf,
  APP0: 0xe0,
  APP15: 0xef,
  JPG0: 0xf0,
  JPG13: 0xfd,
  COM: 0xfe,

  /** Markers that Pillow skips by their length; the others it takes as bare. */
  hasLength: (code: number): boolean =>
    !(code >= Marker.RST0 && code <= Marker.EOI) &&
    code !== Marker.JPG &&
    !(code >= Marker.JPG0 && code <= Marker.JPG13),

  /** Baseline, extended and progressive frames, Huffman or arithmetic: what libvips' libjpeg reads. */
  isDecodedFrame: (code: number): boolean => [0xc0, 0xc1, 0xc2, 0xc9, 0xca].includes(code),
} as const;

/** Any start of frame; Pillow reads DHP as one too. */
export function isFrame(code: number): boolean {
  if (code === Marker.DHP) return true;
  const table = code === Marker.DHT || code === Marker.JPG || code === Marker.DAC;
  return code >= Marker.SOF0 && code <= 0xcf && !table;
}

/** A decoded picture: RGB, row-major HWC, 3 bytes a pixel (`data.length === width * height * 3`). */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

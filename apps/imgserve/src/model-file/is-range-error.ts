/** Of a Buffer that is read beyond its end. By name: those of Node's own modules may be of another realm. */
export function isRangeError(error: unknown): boolean {
  return (error as Error | undefined)?.name === 'RangeError';
}

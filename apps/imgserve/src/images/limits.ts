/** Images of more pixels are refused, as by the gateway where it is not told otherwise. */
export const MAX_PIXELS = 50_000_000;

/**
 * Seconds, from what the fastest stage of a small image takes to the default deadline of a request;
 * each about twice the one before, so that a quantile read off them is right within a factor of two.
 */
export const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20];

/** 4 KiB to 64 MiB in fours: thumbnails up to more than the default limit of 20 MiB. */
export const BYTES = [4, 16, 64, 256, 1024, 4096, 16384, 65536].map((kib) => kib * 1024);

import { SLACK, reserve } from './memory';

/**
 * libjpeg's "fancy" upsampling (`jdsample.c`): new samples lie a quarter of the way between old
 * ones and weigh the nearer one three times. Edges repeat their outermost sample.
 */

let sums: usize = 0;

export function reserveSums(columns: i32): void {
  sums = reserve(2 * <usize>columns + SLACK);
}

/** A row of chroma, at twice its width. */
export function widen(from: usize, columns: i32, to: usize): void {
  for (let x: usize = 0; x < <usize>columns; x += 8) {
    v128.store(sums + 2 * x, v128.load8x8_u(from + x));
  }
  spread(columns, to, 1, 2, 2);
}

/** Two rows of chroma, the nearer one first, as one at twice their width. */
export function widenBetween(near: usize, far: usize, columns: i32, to: usize): void {
  const three = i16x8.splat(3);
  for (let x: usize = 0; x < <usize>columns; x += 8) {
    const sum = i16x8.add(i16x8.mul(v128.load8x8_u(near + x), three), v128.load8x8_u(far + x));
    v128.store(sums + 2 * x, sum);
  }
  spread(columns, to, 8, 7, 4);
}

/** Two rows of chroma, the nearer one first, as one between them. */
export function between(near: usize, far: usize, columns: i32, rounding: i32, to: usize): void {
  const three = i16x8.splat(3);
  const round = i16x8.splat(<i16>rounding);
  for (let x: usize = 0; x < <usize>columns; x += 8) {
    const sum = i16x8.add(i16x8.mul(v128.load8x8_u(near + x), three), v128.load8x8_u(far + x));
    const mean = i16x8.shr_u(i16x8.add(sum, round), 2);
    v128.store64_lane(to + x, i8x16.narrow_i16x8_u(mean, mean), 0);
  }
}

function spread(columns: i32, to: usize, roundLeft: i32, roundRight: i32, shift: i32): void {
  const end = sums + 2 * <usize>columns;
  store<i16>(sums - 2, load<i16>(sums));
  store<i16>(end, load<i16>(end - 2));
  const three = i16x8.splat(3);
  const left = i16x8.splat(<i16>roundLeft);
  const right = i16x8.splat(<i16>roundRight);
  for (let at = sums; at < end; at += 16, to += 16) {
    const near = i16x8.mul(v128.load(at), three);
    const even = i16x8.shr_u(i16x8.add(i16x8.add(near, v128.load(at - 2)), left), shift);
    const odd = i16x8.shr_u(i16x8.add(i16x8.add(near, v128.load(at + 2)), right), shift);
    v128.store(to, v128.or(even, i16x8.shl(odd, 8)));
  }
}

/** Every sample so many times: what libjpeg does for other ratios. */
export function repeat(from: usize, columns: i32, times: i32, to: usize): void {
  for (let x = 0; x < columns; x++) {
    const sample = load<u8>(from + x);
    for (let i = 0; i < times; i++) store<u8>(to++, sample);
  }
}

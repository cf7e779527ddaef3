/**
 * The array to write a conversion into.
 * @throws RangeError where the caller's array is not as long as the source.
 */
export function targetFor<Target extends ArrayLike<number>>(
  src: ArrayLike<number>,
  out: Target | undefined,
  array: new (length: number) => Target,
): Target {
  if (out !== undefined && out.length !== src.length) {
    throw new RangeError(`Expected out of length ${src.length} but received ${out.length}`);
  }
  return out ?? new array(src.length);
}

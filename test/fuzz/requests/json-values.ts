import type { Random } from '../random.js';

export type Json = string | number | boolean | null | Json[] | { [name: string]: Json };

const NAMES = [
  'url',
  'image',
  'images',
  'instances',
  'inputs',
  'b64',
  '__proto__',
  'constructor',
  '',
];

const LEAVES: readonly ((random: Random) => Json)[] = [
  () => null,
  (random) => random.chance(0.5),
  (random) => random.pick([0, -0, -1, 0.5, 1e308, -1e-308, 2 ** 31, 2 ** 53, 2 ** 63]),
  (random) => random.pick(['', '\u0000', '\ud800', 'é', '../..', '%00', "' OR 1=1", '${7*7}', '=']),
  (random) => 'A'.repeat(random.pick([1, 63, 255, 4096, 70_000])),
  (random) => random.bytes(random.below(64)).toString('base64'),
  (random) => random.bytes(random.below(64)).toString('latin1'),
  () => [],
  () => ({}),
  (random) => nested(random.pick([3, 63, 64, 65, 500])),
  (random) => new Array<Json>(random.pick([2, 9, 1000, 70_000])).fill(random.pick([0, {}, 'x'])),
];

/** A value with one to three of its parts replaced, dropped, doubled or called otherwise. */
export function mutateJson(value: Json, random: Random): Json {
  let changed = structuredClone(value);
  for (let count = random.between(1, 3); count > 0; count--) changed = mutateOnce(changed, random);
  return changed;
}

function mutateOnce(value: Json, random: Random): Json {
  const names = typeof value === 'object' && value !== null ? Object.keys(value) : [];
  if (names.length === 0 || random.chance(0.15)) return random.pick(LEAVES)(random);
  if (Array.isArray(value)) {
    const at = random.below(value.length);
    switch (random.below(4)) {
      case 0:
        return value.toSpliced(at, 1);
      case 1:
        return value.toSpliced(at, 0, ...new Array<Json>(random.between(1, 9)).fill(value[at]!));
      default:
        return value.with(at, mutateOnce(value[at]!, random));
    }
  }
  const name = random.pick(names);
  const { [name]: part, ...others } = value as Record<string, Json>;
  switch (random.below(5)) {
    case 0:
      return others;
    case 1:
      return { ...others, [random.pick(NAMES)]: part! };
    case 2:
      return { ...(value as object), [random.pick(NAMES)]: random.pick(LEAVES)(random) };
    default:
      return { ...others, [name]: mutateOnce(part!, random) };
  }
}

function nested(depth: number): Json {
  let value: Json = 0;
  for (let level = 0; level < depth; level++) value = level % 2 === 0 ? [value] : { a: value };
  return value;
}

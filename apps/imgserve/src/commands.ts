import { convert } from './convert/command.js';
import type { CommandDefinition } from './frame/command.js';
import { golden } from './golden/command.js';
import { init } from './init/command.js';
import { inspect } from './inspect/command.js';
import { manifest } from './manifest/command.js';
import { predict } from './predict/command.js';
import { verify } from './verify/command.js';
import { warmup } from './warmup/command.js';

/** In the order in which a model comes to be served. */
export const COMMANDS: readonly CommandDefinition[] = [
  inspect,
  init,
  convert,
  golden,
  verify,
  warmup,
  manifest,
  predict,
];

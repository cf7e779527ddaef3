import { Transform } from 'class-transformer';
import { ValidateBy } from 'class-validator';

/** A text that its variable's parser refused, kept until class-validator reports it. */
class Refused {
  constructor(readonly reason: string) {}
}

export interface EnvOptions {
  /** A refused value is then not repeated in the report. */
  secret?: boolean;
}

/**
 * Declares a property as an environment variable of the same name: `parse` gets its text and
 * throws an Error whose message completes "Expected … for NAME".
 */
export function Env(parse: (text: string) => unknown, options: EnvOptions = {}): PropertyDecorator {
  const transform = Transform(({ value }: { value: unknown }) => {
    if (typeof value !== 'string') return value;
    try {
      return parse(value);
    } catch (error) {
      const expected = error instanceof Error ? error.message : String(error);
      const received = options.secret === true ? 'something else' : JSON.stringify(value);
      return new Refused(`${expected} but received ${received}`);
    }
  });
  const validate = ValidateBy({
    name: 'env',
    validator: {
      validate: (value) => !(value instanceof Refused),
      defaultMessage: (args) => `${args!.property}: expected ${(args!.value as Refused).reason}`,
    },
  });
  return (target, property) => {
    transform(target, property);
    validate(target, property);
  };
}

/** An integer within [min, max], both included. */
export function EnvInteger(min: number, max = Number.MAX_SAFE_INTEGER): PropertyDecorator {
  const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
  return Env((text) => {
    const value = /^\d{1,16}$/.test(text) ? Number(text) : NaN;
    if (!(value >= min && value <= max)) throw new Error(`an integer ${range}`);
    return value;
  });
}

export function EnvBoolean(): PropertyDecorator {
  return Env((text) => {
    if (text !== 'true' && text !== 'false') throw new Error('true or false');
    return text === 'true';
  });
}

export function EnvChoice(...choices: string[]): PropertyDecorator {
  return Env((text) => {
    if (!choices.includes(text)) throw new Error(`one of ${choices.join(', ')}`);
    return text;
  });
}

/** Any text, or only what matches `pattern`, which `expected` puts into words. */
export function EnvText(pattern = /^/, expected = 'a text'): PropertyDecorator {
  return Env((text) => {
    if (!pattern.test(text)) throw new Error(expected);
    return text;
  });
}

import 'reflect-metadata';
import { Transform } from 'class-transformer';
import {
  IsInt,
  IsNumber,
  IsOptional,
  Matches,
  Max,
  Min,
  ValidateBy,
  type ValidationArguments,
} from 'class-validator';

const MAX_WEIGHT = 1_000_000;

/** A version by its number or by its label. */
export abstract class VersionTarget {
  /** Decimal. YAML's numbers are exact up to 2⁵³; greater versions stand in quotes. */
  @Transform(({ value }: { value: unknown }) =>
    Number.isSafeInteger(value) ? String(value) : value,
  )
  @IsOptional()
  @Matches(/^[1-9]\d{0,18}$/, { message: 'version must be a version number' })
  readonly version?: string;

  @IsOptional()
  @Matches(/^\S{1,128}$/, { message: 'label must be a version label' })
  readonly label?: string;
}

/** How much of the requests that choose no version goes to one. */
export class TrafficShare extends VersionTarget {
  /** Relative to the sum of all; 0: none, but it is kept verified. */
  @IsInt()
  @Min(0)
  @Max(MAX_WEIGHT)
  @OneTarget()
  readonly weight!: number;
}

/** A version that is asked along; its answers are compared and thrown away. */
export class ShadowSpec extends VersionTarget {
  /** Of the requests that choose no version, from 0 to 1. */
  @IsNumber({ allowNaN: false, allowInfinity: false })
  @Min(0)
  @Max(1)
  @OneTarget()
  readonly fraction!: number;
}

/** Of shares: each of another target, and not all of them nothing. */
export function CanBeShared(): PropertyDecorator {
  return ValidateBy({
    name: 'canBeShared',
    validator: {
      validate: (value: unknown) => faultOf(value) === undefined,
      defaultMessage: (args?: ValidationArguments) => `traffic ${faultOf(args?.value) ?? ''}`,
    },
  });
}

/** On a field that is always there, since others are not looked at where they are left out. */
function OneTarget(): PropertyDecorator {
  return ValidateBy({
    name: 'oneTarget',
    validator: {
      validate: (_value, args) => {
        const { version, label } = args!.object as VersionTarget;
        return (version == null) !== (label == null);
      },
      defaultMessage: () => 'expected either version or label',
    },
  });
}

function faultOf(shares: unknown): string | undefined {
  // What is wrong with one of them is told of it.
  if (!Array.isArray(shares) || !shares.every((share) => share instanceof TrafficShare)) return;
  const targets = new Set(shares.map(({ version, label }) => JSON.stringify([version, label])));
  if (targets.size < shares.length) return 'must not name a version or label twice';
  if (shares.every(({ weight }) => weight === 0)) return 'must have a weight above 0';
  return undefined;
}

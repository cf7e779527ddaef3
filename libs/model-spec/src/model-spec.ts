import 'reflect-metadata';
import { plainToInstance, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsDefined,
  IsIn,
  IsInt,
  IsNotEmpty,
  IsObject,
  IsOptional,
  IsString,
  Matches,
  Max,
  Min,
  ValidateBy,
  ValidateNested,
  validateSync,
  type ValidationError,
} from 'class-validator';
import {
  DECODE_MODES,
  FITS,
  isScaling,
  RESAMPLES,
  SCALING_NAMES,
  type DecodeMode,
  type Fit,
  type ImageSpec,
  type Resample,
  type Scaling,
} from '#preprocessing';

import { CanBeShared, ShadowSpec, TrafficShare } from './traffic-spec.js';

const SCALINGS = `${SCALING_NAMES.join(', ')} or {scale, offset}, each a number or three`;

class ImageSection implements ImageSpec {
  /** Height and width, pixels. */
  @IsArray()
  @ArrayMinSize(2)
  @ArrayMaxSize(2)
  @IsInt({ each: true })
  @Min(1, { each: true })
  @Max(8192, { each: true })
  readonly size!: readonly [number, number];

  @IsIn(RESAMPLES) readonly resample: Resample = 'nearest';
  @IsIn(FITS) readonly fit: Fit = 'stretch';
  @ValidateBy({
    name: 'scaling',
    validator: { validate: isScaling, defaultMessage: () => `scaling must be ${SCALINGS}` },
  })
  readonly scaling!: Scaling;
  @IsIn(DECODE_MODES) readonly decode: DecodeMode = 'exact';
}

/** A model's preprocessing and labels: `model.yaml`. */
export class ModelSpec {
  @Matches(/^[\w.-]+$/, { message: 'name must be a model name' }) readonly name!: string;
  @IsString() @IsNotEmpty() readonly signature: string = 'serving_default';

  @IsDefined()
  @IsObject()
  @ValidateNested()
  @Type(() => ImageSection)
  readonly image!: ImageSection;

  /** What the model's output is: `logits` become probabilities by a softmax here. */
  @IsIn(['logits', 'probabilities']) readonly scores!: 'logits' | 'probabilities';

  @IsArray()
  @ArrayMinSize(1)
  @ArrayUnique()
  @IsString({ each: true })
  @IsNotEmpty({ each: true })
  readonly labels!: readonly string[];

  /** Which versions answer requests that choose none; left out: the latest, or the configured one. */
  @IsOptional()
  @IsArray()
  @ArrayMinSize(2)
  @ArrayMaxSize(8)
  @ValidateNested()
  @CanBeShared()
  @Type(() => TrafficShare)
  readonly traffic?: readonly TrafficShare[];

  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => ShadowSpec)
  readonly shadow?: ShadowSpec;
}

/**
 * @param document a parsed YAML document
 * @throws Error whose message lists every fault, one a line
 */
export function parseModelSpec(document: unknown): ModelSpec {
  if (typeof document !== 'object' || document === null || Array.isArray(document)) {
    throw new Error('expected a mapping');
  }
  const spec = plainToInstance(ModelSpec, document, { exposeDefaultValues: true });
  const faults = validateSync(spec, { whitelist: true, forbidNonWhitelisted: true }).flatMap(
    (error) => messages(error),
  );
  if (faults.length > 0) throw new Error(faults.join('; '));
  return spec;
}

function messages(error: ValidationError, path = ''): string[] {
  const own = Object.values(error.constraints ?? {}).map((message) => `${path}${message}`);
  const nested = (error.children ?? []).flatMap((child) =>
    messages(child, `${path}${error.property}.`),
  );
  return [...own, ...nested];
}

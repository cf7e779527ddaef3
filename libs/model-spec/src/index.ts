export {
  bindInput,
  bindSignature,
  INPUT_DTYPES,
  SignatureMismatchError,
  type Binding,
  type InputBinding,
  type InputDtype,
} from './bind-signature.js';
export { encodeImage, type EncodeOptions, type EncodeTimes } from './encode-image.js';
export { UnusableScoresError } from './errors.js';
export {
  expectGoldenScores,
  expectGoldenTensor,
  GoldenMismatchError,
  loadGolden,
  readGolden,
  readGoldenImage,
  typicalImage,
  type Golden,
  type GoldenImage,
  type GoldenStages,
} from './golden.js';
export {
  loadCatalog,
  parseCatalog,
  type CatalogEntry,
  type ParsedCatalog,
} from './load-catalog.js';
export { loadModel } from './load-model.js';
export { parseModelSpec, type ModelSpec } from './model-spec.js';
export { parseYaml } from './parse-yaml.js';
export { probeImage } from './probe-image.js';
export { probabilitiesOf } from './scores.js';
export { areSame, readSpecFiles, type SpecTexts } from './spec-files.js';
export type { ShadowSpec, TrafficShare } from './traffic-spec.js';

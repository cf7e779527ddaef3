const SHA256 = /^[0-9a-f]{64}$/;

/** Why a document is no golden.json; undefined where it is one. */
export function faultOf(document: unknown): string | undefined {
  if (!isObject(document)) return 'it is no object';
  const { images, scores_tolerance: tolerance } = document;
  if (typeof tolerance !== 'number' || !(tolerance >= 0)) return 'scores_tolerance is no number';
  if (!Array.isArray(images) || images.length === 0) return 'images is no list of them';
  for (const [index, image] of (images as unknown[]).entries()) {
    const fault = faultOfImage(image);
    if (fault !== undefined) return `images[${index}].${fault}`;
  }
  return undefined;
}

function faultOfImage(image: unknown): string | undefined {
  if (!isObject(image)) return 'file is missing';
  const { file, tensor, scores, stages = {} } = image;
  if (typeof file !== 'string' || file === '') return 'file is missing';
  if (!isObject(tensor)) return 'tensor is missing';
  if (typeof tensor['dtype'] !== 'string') return 'tensor.dtype is missing';
  if (!Array.isArray(tensor['shape']) || !tensor['shape'].every(Number.isInteger)) {
    return 'tensor.shape is no list of whole numbers';
  }
  if (!isSha256(tensor)) return 'tensor.sha256 is no SHA-256';
  if (!isObject(scores) || !Object.values(scores).every(Number.isFinite)) {
    return 'scores are no numbers by label';
  }
  if (!isObject(stages)) return 'stages is no object';
  const wrong = Object.entries(stages).find(([, stage]) => !isSha256(stage));
  return wrong && `stages.${wrong[0]}.sha256 is no SHA-256`;
}

function isSha256(value: unknown): boolean {
  return isObject(value) && typeof value['sha256'] === 'string' && SHA256.test(value['sha256']);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

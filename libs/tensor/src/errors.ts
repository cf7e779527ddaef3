/**
 * A tensor that contradicts itself or that this service does not carry. What it means depends on
 * who sent it (a client's bad request, a model's bad answer), so it has no code of its own: the
 * reader of the message translates it.
 */
export class InvalidTensorError extends Error {
  override readonly name = 'InvalidTensorError';
}

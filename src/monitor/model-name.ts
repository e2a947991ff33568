/** The part of `provider/name` that distinguishes models when there is no room for both. */
export function withoutProvider(model: string): string {
  return model.slice(model.indexOf('/') + 1)
}

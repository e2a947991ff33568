/** The part of `provider/name` that tells models apart where there is no room for both. */
export function withoutProvider(model: string): string {
  return model.slice(model.indexOf('/') + 1)
}

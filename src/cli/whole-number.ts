import { InvalidArgumentError } from 'commander'

/** The value of an option that is a count. Throws for other values, or more than a number can hold exactly. */
export function wholeNumber(text: string): number {
  const value = Number(text)
  if (/^\d+$/.test(text) && Number.isSafeInteger(value)) return value
  throw new InvalidArgumentError('Give a whole number.')
}

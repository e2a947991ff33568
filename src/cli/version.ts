import { readFileSync } from 'node:fs'

export function packageVersion(): string {
  return (JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }).version
}

/** What to say when a running daemon is of another version than this command; null when it is not. */
export function otherVersion(daemon: string, own = packageVersion()): string | null {
  if (daemon === own) return null
  return isNewer(own, daemon)
    ? `this command is ${own}, newer than the daemon: restart it with \`llmroute stop\` and \`llmroute serve --detach\``
    : `this command is ${own}, older than the daemon`
}

/** By the numbers; a pre-release counts as its release. */
function isNewer(a: string, b: string): boolean {
  const [left, right] = [a, b].map((version) => version.split(/[.+-]/).slice(0, 3).map(Number)) as [number[], number[]]
  const at = left.findIndex((n, i) => n !== right[i])
  return at !== -1 && (left[at] ?? 0) > (right[at] ?? 0)
}

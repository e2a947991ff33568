/**
 * Responses groups functions into namespaces; elsewhere a function has one name. The joined name keeps two functions of the
 * same name apart, and is taken apart again by looking the tool up, never by its spelling.
 */
export function joinName(namespace: string, name: string): string {
  return `${namespace}__${name}`
}

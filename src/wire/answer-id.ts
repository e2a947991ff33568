/**
 * An answer's id with its vendor's usual prefix: some clients use it to recognise the format. An id that already has the prefix is
 * unchanged.
 */
export function answerId(prefix: 'chatcmpl-' | 'msg_' | 'resp_', id: string): string {
  return id.startsWith(prefix) ? id : prefix + id
}

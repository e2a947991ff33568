/** An answer's id, beginning as those of its vendor do: some clients tell by it what they hold. One that begins so already stays. */
export function answerId(prefix: 'chatcmpl-' | 'msg_' | 'resp_', id: string): string {
  return id.startsWith(prefix) ? id : prefix + id
}

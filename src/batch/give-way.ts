/** Lets calls of clients be served between two lines: the event loop is theirs first. */
export function giveWay(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

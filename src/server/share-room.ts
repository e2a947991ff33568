export type Room = ReturnType<typeof createRoom>

interface Guest {
  bytes: number
  readonly admitted: () => void
}

/** `most` bytes of memory that many share: whoever comes when it is full waits, in order. */
export function createRoom(most: number) {
  const inside = new Set<Guest>()
  const queue = new Set<Guest>()
  let taken = 0

  function admit(): void {
    for (const guest of queue) {
      if (inside.size > 0 && taken + guest.bytes > most) return
      queue.delete(guest)
      inside.add(guest)
      taken += guest.bytes
      guest.admitted()
    }
  }

  return {
    /**
     * Asks for so many bytes and calls `admitted` when they are free, perhaps at once; they always are for the only one who asks. Call the
     * function that is returned to give back all but `kept` of them, or to leave the queue.
     */
    enter(bytes: number, admitted: () => void): (kept?: number) => void {
      const guest = { bytes, admitted }
      queue.add(guest)
      admit()
      return (kept = 0) => {
        if (kept === 0) queue.delete(guest)
        if (inside.has(guest)) {
          taken += kept - guest.bytes
          guest.bytes = kept
          if (kept === 0) inside.delete(guest)
        }
        admit()
      }
    },
  }
}

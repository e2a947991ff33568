/** Memory that many share: whoever comes when it is full waits, in order. */
export interface Room {
  /**
   * Asks for so many bytes and calls `admitted` when they are free, at once perhaps; somebody alone gets any number. Returns what gives back
   * all but `kept` of them, or the place in the queue.
   */
  enter(bytes: number, admitted: () => void): (kept?: number) => void
}

interface Guest {
  bytes: number
  readonly admitted: () => void
}

export function createRoom(most: number): Room {
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
    enter(bytes, admitted) {
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

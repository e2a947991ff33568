/** Items by rising `seq`: a binary heap. */
export function openHeap<Item extends { readonly seq: number }>() {
  const heap: Item[] = []
  const seq = (i: number) => heap[i]?.seq ?? Number.POSITIVE_INFINITY

  function swap(a: number, b: number): void {
    const kept = heap[a]!
    heap[a] = heap[b]!
    heap[b] = kept
  }

  return {
    first: () => heap[0],
    push(item: Item) {
      let i = heap.push(item) - 1
      while (i > 0 && seq(i) < seq((i - 1) >> 1)) {
        swap(i, (i - 1) >> 1)
        i = (i - 1) >> 1
      }
    },
    pop() {
      const last = heap.pop()
      if (last === undefined || heap.length === 0) return
      heap[0] = last
      for (let i = 0; ; ) {
        const child = seq(2 * i + 1) <= seq(2 * i + 2) ? 2 * i + 1 : 2 * i + 2
        if (seq(child) >= seq(i)) return
        swap(i, child)
        i = child
      }
    },
  }
}

/** What others wait for until it is let go. */
export interface Gate {
  readonly opened: Promise<void>
  readonly release: () => void
}

export function openGate(): Gate {
  let release = () => {}
  const opened = new Promise<void>((resolve) => {
    release = resolve
  })
  return { opened, release }
}

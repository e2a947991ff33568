import { useStdout } from 'ink'
import { useEffect, useState } from 'react'

export interface Screen {
  readonly columns: number
  readonly rows: number
}

/** The terminal's size, now and after every resize. */
export function useScreen(): Screen {
  const { stdout } = useStdout()
  const [screen, setScreen] = useState(() => sizeOf(stdout))
  useEffect(() => {
    const resized = (): void => setScreen(sizeOf(stdout))
    stdout.on('resize', resized)
    return () => {
      stdout.off('resize', resized)
    }
  }, [stdout])
  return screen
}

function sizeOf(stdout: { columns?: number; rows?: number }): Screen {
  return { columns: stdout.columns || 80, rows: stdout.rows || 24 }
}

import { Text } from 'ink'
import { memo } from 'react'

interface LinesProps {
  readonly lines: readonly string[]
  /** Lines shown; fewer are filled up, so that what stands below does not jump. */
  readonly height: number
}

/** Prepared lines as one text: layout then costs Ink almost nothing, whatever the number of cells. */
export const Lines = memo(
  function Lines({ lines, height }: LinesProps): React.JSX.Element | null {
    if (height <= 0) return null
    const filled = [...lines.slice(0, height), ...Array<string>(Math.max(0, height - lines.length)).fill('')]
    // An empty line would collapse; a space keeps it.
    return <Text wrap="truncate-end">{filled.map((line) => (line === '' ? ' ' : line)).join('\n')}</Text>
  },
  (a, b) => a.height === b.height && a.lines.length === b.lines.length && a.lines.every((line, at) => line === b.lines[at]),
)

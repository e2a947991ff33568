import { formatMs, formatTimeOfDay, formatUsd } from '../../kit/index.js'
import { type CallRow, outputSpeed } from '../../ledger/index.js'
import { escapeHtml, shareBar } from '../../report/index.js'

const GLYPH = { running: '◌', ok: '✓', error: '✗', cancelled: '⊘', interrupted: '!' } as const

/** A call as a line of the page's table. Everything in it that others wrote is escaped. */
export function callRowHtml(call: CallRow): string {
  const { id, status, error } = call
  const speed = outputSpeed(call)
  const cells = [
    `<td class="${status}" title="${status}">${GLYPH[status]}</td>`,
    text(formatTimeOfDay(call.decidedAtMs)),
    text(call.model ?? call.chosen ?? 'none'),
    text(call.task),
    `<td title="${call.difficulty.toFixed(2)}">${shareBar(call.difficulty)}</td>`,
    number(status === 'running' ? '' : call.costNano === null ? 'unpriced' : formatUsd(call.costNano)),
    number(call.ttftMs === null ? '' : formatMs(call.ttftMs)),
    number(call.latencyMs === null ? '…' : formatMs(call.latencyMs)),
    number(speed === null ? '' : speed.toFixed(0)),
    text(call.client),
    `<td class="${error === null ? 'soft' : 'bad'}">${escapeHtml(error ?? call.reason)}</td>`,
  ]
  return `<tr id="c-${escapeHtml(id)}" data-seq="${call.seq}" data-status="${status}" tabindex="0" aria-expanded="false">${cells.join('')}</tr>`
}

function text(value: string): string {
  return `<td>${escapeHtml(value)}</td>`
}

function number(value: string): string {
  return `<td class="n">${escapeHtml(value)}</td>`
}

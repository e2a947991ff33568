/** A terminal's screen as an SVG: `text` is what `tmux capture-pane -e -p` prints. No font is embedded; every cell is placed by itself. */
export function svgOf(text, { columns, title }) {
  const lines = text.replace(/\n+$/, '').split('\n')
  const width = columns * CELL + 2 * MARGIN
  const height = lines.length * LINE + BAR + MARGIN
  const rows = lines.map((line, at) => row(line, BAR + (at + 0.75) * LINE))
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${title}">
<style>text { font: 13px ui-monospace, 'SFMono-Regular', Menlo, Consolas, 'DejaVu Sans Mono', monospace; white-space: pre } .b { font-weight: 700 }</style>
<rect width="100%" height="100%" rx="8" fill="${PAPER}"/>
<circle cx="18" cy="15" r="5" fill="#ef8a80"/><circle cx="36" cy="15" r="5" fill="#dfa458"/><circle cx="54" cy="15" r="5" fill="#7cc79a"/>
<text x="${width / 2}" y="19" fill="#98a2ae" text-anchor="middle">${title}</text>
${rows.join('')}</svg>
`
}

const CELL = 7.8
const LINE = 17
const MARGIN = 12
const BAR = 34
const PAPER = '#15181c'
const INK = '#e6e9ed'
const CHANGES = { 1: { bold: true }, 7: { inverse: true }, 22: { bold: false }, 27: { inverse: false }, 39: { ink: INK } }
const SIXTEEN = ['#15181c', '#ef8a80', '#7cc79a', '#dfa458', '#6aaae8', '#c99be0', '#6fc7c7', '#e6e9ed']

/** The pieces of a line that have one look, each held to its width so that any monospaced font keeps the columns. */
function row(line, y) {
  let look = {}
  let column = 0
  let svg = ''
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what escape sequences begin with
  for (const [, codes, plain] of line.matchAll(/\x1b\[([\d;]*)m|([^\x1b]+)/g)) {
    if (codes !== undefined) look = after(look, codes)
    else {
      svg += piece(plain, column, y, look)
      column += [...plain].length
    }
  }
  return svg
}

function piece(text, column, y, { ink = INK, bold, inverse }) {
  const length = [...text].length * CELL
  const x = MARGIN + column * CELL
  const back = inverse ? `<rect x="${round(x)}" y="${y - 13}" width="${round(length)}" height="${LINE}" fill="${ink}"/>` : ''
  if (text.trim() === '') return back
  const escaped = text.replace(/[&<>]/g, (char) => `&#${char.charCodeAt(0)};`)
  return `${back}<text x="${round(x)}" y="${y}" textLength="${round(length)}" lengthAdjust="spacingAndGlyphs" fill="${inverse ? PAPER : ink}"${bold ? ' class="b"' : ''}>${escaped}</text>\n`
}

/** `38;5;n` is one code of three numbers, all others are one number each. */
function after(look, codes) {
  let next = look
  for (const [, of256, code] of codes.matchAll(/38;5;(\d+)|(\d+)/g)) {
    if (of256 !== undefined) next = { ...next, ink: colour256(Number(of256)) }
    else if (CHANGES[code] !== undefined) next = { ...next, ...CHANGES[code] }
    else next = SIXTEEN[Number(code) - 30] === undefined ? {} : { ...next, ink: SIXTEEN[Number(code) - 30] }
  }
  return next
}

/** The colour cube and the greys of a 256-colour terminal. */
function colour256(code) {
  if (code < 16) return SIXTEEN[code % 8]
  if (code >= 232) return hex([8 + (code - 232) * 10, 8 + (code - 232) * 10, 8 + (code - 232) * 10])
  const cube = code - 16
  return hex([Math.floor(cube / 36), Math.floor(cube / 6) % 6, cube % 6].map((step) => (step === 0 ? 0 : 55 + step * 40)))
}

function hex(rgb) {
  return `#${rgb.map((value) => value.toString(16).padStart(2, '0')).join('')}`
}

function round(value) {
  return Number(value.toFixed(1))
}

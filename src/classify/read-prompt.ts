import { addTo } from '../kit/index.js'

/** Where a unified diff of git, or one without its header, begins. */
const BEGINS = /^(?:diff --git .*|--- \S.*\n\+\+\+ \S.*\n@@ .*|@@ -\d+(?:,\d+)? \+\d+(?:,\d+)? @@.*)$/m
const HUNK = '@@ -'
/** A diff beside a short instruction has begun by here, so that a long text without one costs no more to look through. */
const DIFF_OPENING = 2000
/** Lines that a diff is made of. */
const DIFF_LINE =
  /^(?:[-+ @\\].*|diff --git .*|(?:index|new file|deleted file|old mode|new mode|similarity|dissimilarity|rename|copy|Binary) .*|)$/
/** An instruction beside a diff is short; a longer text is a report that quotes one, and is read completely. */
const DIFF_INSTRUCTION = 600

/**
 * The instruction beside a diff: what changed says nothing about how hard it is to describe it. The text itself when it holds no diff, or
 * little else.
 */
function setAsideDiff(text: string): string {
  const opening = text.slice(0, DIFF_OPENING)
  const begins = opening.includes(HUNK) ? BEGINS.exec(opening) : null
  if (begins === null) return text
  const lines = text.slice(begins.index).split('\n')
  const end = lines.findIndex((line) => !DIFF_LINE.test(line))
  const rest = `${text.slice(0, begins.index)}${end < 0 ? '' : lines.slice(end).join('\n')}`.trim()
  return rest.length > DIFF_INSTRUCTION || !/\p{L}{2}/u.test(rest) ? text : rest
}

/** A text longer than this contains pasted material; its instruction is at its edges. */
const LONG = 3000
const HEAD = 1200
const TAIL = 600
/** Lines of a paste, and the part of a longer line that is read. */
const MATERIAL =
  /^\s*(?:\d{4}-\d\d-\d\d|\[?\d\d:\d\d|\[\w+\]|at \S+|(?:info|debug|warn|warning|error|trace|fatal)\b|[{}<>|]|\S+\.\w+:\d+)|^\s{4,}|\t/i
const LONGEST_LINE = 240
/** Lines alike in shape that make a log. */
const ALIKE = 3

/** What is left of a text that may hold a paste. */
interface Written {
  readonly text: string
  /** Characters the person is taken to have written: a paste does not count. */
  readonly length: number
}

/**
 * The first 1,200 and the last 600 characters, without the lines of a long paste that look like a log. A hundred kilobytes of log
 * say nothing about how hard the question beside them is.
 */
function setAsidePaste(text: string): Written {
  if (text.length <= HEAD + TAIL) return { text: text.replace(BOXED, ' '), length: text.length }
  // Joined, not concatenated: a string in one piece is read three times as fast.
  const edges = [text.slice(0, HEAD), text.slice(-TAIL)].join('\n').replace(BOXED, ' ')
  if (text.length <= LONG) return { text: edges, length: text.length }
  const kept = withoutMaterial([...wholeLines(text.slice(0, HEAD), false), ...wholeLines(text.slice(-TAIL), true)])
  // Prose and problem statements stay complete; only a text that is mostly pasted is cut to its instruction.
  const written = kept.reduce((sum, line) => sum + line.length, 0)
  if (written > edges.length / 2) return { text: edges, length: Math.min(text.length, 2 * LONG) }
  const instruction = kept.join('\n').trim()
  return { text: instruction, length: instruction.length }
}

/** Lines of an edge but the one that the cut went through, unless it is the only one. */
function wholeLines(edge: string, cutFirst: boolean): readonly string[] {
  const lines = edge.split('\n')
  if (lines.length < 2) return lines
  return cutFirst ? lines.slice(1) : lines.slice(0, -1)
}

/** Answer templates of benchmarks. */
const BOXED = /\\boxed\{[^}\n]*\}/g

function withoutMaterial(lines: readonly string[]): readonly string[] {
  const shapes = lines.map(shapeOf)
  const counts = new Map<string, number>()
  for (const shape of shapes) addTo(counts, shape)
  return lines
    .filter((line, i) => line.trim() !== '' && !MATERIAL.test(line) && counts.get(shapes[i]!)! < ALIKE)
    .map((line) => line.slice(0, LONGEST_LINE))
}

/** The line's opening with letters and digits made equal. */
function shapeOf(line: string): string {
  return line
    .slice(0, 24)
    .replace(/[a-z]+/gi, 'a')
    .replace(/\d+/g, '0')
    .slice(0, 12)
}

/** Instructions up to this long are read without courtesy and urging; in longer texts both weigh little. */
const SHORT_PROMPT = 600

/** Courtesy and urging, which say nothing about the work: bought words must not buy a stronger model, nor politeness a weaker one. */
const FILLER =
  /\b(?:please|kindly|pls|(?:could|can|would|will) you(?: please| kindly)?|would you mind|if you (?:don'?t mind|please)|i(?:'d| would) (?:like you to|appreciate it if you(?: could)?|be grateful if you(?: could)?|love (?:it )?if you(?: could)?)|thank(?:s| you)(?: (?:so|very) much| a lot| in advance)?|i was wondering if you could|step[- ]by[- ]step|(?:the )?pros and cons|think (?:hard(?:er)?|carefully|deeply|it through|about (?:this|it) carefully)|ultrathink|take a deep breath|let'?s think(?: about (?:this|it))?|be (?:very )?(?:thorough|careful|comprehensive|precise|exhaustive|detailed)|(?:very )?(?:thoroughly|carefully|comprehensively|exhaustively|meticulously|rigorously)|in (?:great|full|much|as much) detail|(?:comprehensive|detailed|in-depth|thorough|exhaustive) (?:analysis|explanation|answer|reasoning|response)|chain of thought|reason(?:ing)? (?:through|about) (?:this|it|every(?:thing)?)|this is (?:very |extremely |really )?(?:important|urgent|critical)(?: (?:to|for) (?:me|us|my \w+))?|(?:as|you are|act as|imagine you are) an? (?:world[- ]class |senior |leading |great )?(?:expert|professional|assistant)(?: (?:in|on|at) [\w ]{1,40})?|por favor|gracias|bitte|danke|s'il (?:te|vous) pla[iî]t|merci|obrigad[oa]|пожалуйста|спасибо)(?![\p{L}])[,.!]*/giu
const EAST = /请一步一步|一步一步|请仔细|仔细思考|请|谢谢|お願いします|ありがとうございます|ステップバイステップで/g

/** A greeting or an assent before the actual request: "Hi, ", "Hello there! ", "ok, ". */
const OPENING =
  /^(?:(?:(?:hi|hey|hello|hallo|hola|bonjour|bonsoir|salut|olá|oi|ciao|привет|здравствуйте|good (?:morning|afternoon|evening|day)|guten (?:tag|morgen|abend))(?: \p{L}+)?|ok(?:ay)?|yes|no|sure|great|perfect|sí|ja|nein|oui|non|sim|да|нет)[,.!]{1,3}\s{1,4}|(?:hi|hey)(?: there)?\s(?=\S+\s+\S+\s)|(?:你好|您好|こんにちは|おはようございます|お疲れ様です|안녕하세요|مرحبا|السلام عليكم)[\s,.!，。！、،]{1,4})+(?=.*\p{L})/iu

/** The instruction without courtesy and urging; the text itself when it is long or nothing else is left. */
function bareText(text: string): string {
  if (text.length > SHORT_PROMPT) return text
  const bare = text
    .replace(FILLER, ' ')
    .replace(EAST, '')
    .replace(/[ \t]{2,}/g, ' ')
    .replace(/\s+([,.;:!?])/g, '$1')
    .replace(/^[\s,.;:!]+/, '')
    .replace(OPENING, '')
    .trim()
  return bare === '' ? text : bare
}

export interface ReadPrompt extends Written {
  /** The text in small letters. */
  readonly low: string
}

/** The text that a prompt is judged by: pasted text removed first, then courtesy and urging. The fitted model sees the same text. */
export function readPrompt(prompt: string): ReadPrompt {
  const written = setAsidePaste(setAsideDiff(prompt))
  const text = bareText(written.text)
  const length = text === written.text ? written.length : Math.max(1, written.length - (written.text.length - text.length))
  return { text, low: text.toLowerCase(), length }
}

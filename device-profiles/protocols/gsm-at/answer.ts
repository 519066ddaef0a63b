import { refusal } from '../../src/tell-one.ts'

/** What a modem wrote, line by line: how a command ended, and what was said on the way. */
export interface Answer {
  readonly final: Final | undefined
  /** Information lines and unsolicited ones; only whoever asked knows which is which. */
  readonly lines: readonly Line[]
}
export type Final =
  | { readonly is: 'ok' }
  | { readonly is: 'error' }
  /** `+CME ERROR` is the modem's, `+CMS ERROR` the message service's; with `AT+CMEE=2` it says words and no number. */
  | { readonly is: 'CME' | 'CMS'; readonly code: number | undefined; readonly text: string }
export interface Line {
  readonly name: string
  readonly values: readonly string[]
  /** The line behind it, when that has no name: the PDU of a message, or its text. */
  readonly content?: string
}

/** Bytes of a line that was just opened are no text, and spoil only their own line. */
const utf8 = new TextDecoder()
const answerBytesMax = 64 * 1024
const linesMax = 64
const lineCharsMax = 512
/** Unsolicited, and without a colon. */
const BARE = new Set(['RING', 'NO CARRIER', 'BUSY', 'NO ANSWER', 'NO DIALTONE'])
/** How modems without +CME ERROR refuse. */
const REFUSALS = new Set(['ERROR', 'COMMAND NOT SUPPORT'])

/** @throws DomainError `frame-unknown` when nothing in it is a modem's */
export function readAnswer(bytes: Uint8Array): Answer {
  if (bytes.byteLength > answerBytesMax)
    throw refusal('not-this-protocol', `${bytes.byteLength} bytes, at most ${answerBytesMax}`)
  const texts = wholeLines(utf8.decode(bytes).split(/[\r\n]+/))
  if (texts.length > linesMax || texts.some((line) => line.length > lineCharsMax))
    throw refusal('not-this-protocol', `more than ${linesMax} lines, or one of more than ${lineCharsMax} characters`)
  let final: Final | undefined
  const lines: Line[] = []
  for (const line of texts) {
    const ended = finalOf(line)
    if (ended) {
      final ??= ended
      continue
    }
    const [, name, rest = ''] = /^[+^]([A-Z][A-Z0-9]{1,15}):\s*(.*)$/s.exec(line) ?? []
    const before = lines.at(-1)
    if (name !== undefined) lines.push({ name, values: valuesOf(rest) })
    else if (BARE.has(line)) lines.push({ name: line, values: [] })
    else if (before && before.content === undefined) lines[lines.length - 1] = { ...before, content: line }
  }
  if (!final && lines.length === 0) throw refusal('not-this-protocol', 'neither a result nor a line of a modem')
  return { final, lines }
}

/** Trimmed, without empty ones; a quote that is still open at the end of a line goes on in the next (a menu in +CUSD). */
function wholeLines(pieces: readonly string[]): readonly string[] {
  const lines: string[] = []
  let open: string | undefined
  for (const piece of pieces) {
    const line = open === undefined ? piece.trim() : `${open}\n${piece.trim()}`
    if (line === '') continue
    // What never closes its quote must not swallow the result of the command.
    if (open !== undefined && finalOf(piece.trim())) {
      lines.push(...open.split('\n'), piece.trim())
      open = undefined
    } else if (/^[+^]/.test(line) && line.split('"').length % 2 === 0 && line.length <= lineCharsMax) open = line
    else {
      lines.push(line)
      open = undefined
    }
  }
  return open === undefined ? lines : [...lines, ...open.split('\n')]
}

function finalOf(line: string): Final | undefined {
  if (line === 'OK') return { is: 'ok' }
  if (REFUSALS.has(line)) return { is: 'error' }
  const [, kind, text = ''] = /^\+(CME|CMS) ERROR:\s*(.{1,64})$/.exec(line) ?? []
  if (kind !== 'CME' && kind !== 'CMS') return undefined
  return { is: kind, code: /^\d{1,4}$/.test(text) ? Number(text) : undefined, text }
}

/** A comma inside quotes does not separate. */
function valuesOf(text: string): readonly string[] {
  if (text === '') return []
  const values = ['']
  let quoted = false
  for (const char of text) {
    if (char === '"') quoted = !quoted
    else if (char === ',' && !quoted) values.push('')
    else values[values.length - 1] += char
  }
  return values.map((value) => value.trim())
}

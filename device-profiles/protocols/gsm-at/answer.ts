import { textOf } from '../../src/json-payload.ts'
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
  /** `+CME ERROR` is the modem's, `+CMS ERROR` the message service's. */
  | { readonly is: 'CME' | 'CMS'; readonly code: number }
export interface Line {
  readonly name: string
  readonly values: readonly string[]
}

const linesMax = 64
const lineCharsMax = 512

/** @throws DomainError `frame-unknown` when nothing in it is a modem's */
export function readAnswer(bytes: Uint8Array): Answer {
  const texts = textOf(bytes)
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
  if (texts.length > linesMax || texts.some((line) => line.length > lineCharsMax))
    throw refusal('not-this-protocol', `more than ${linesMax} lines, or one of more than ${lineCharsMax} characters`)
  let final: Final | undefined
  const lines: Line[] = []
  for (const line of texts) {
    const ended = finalOf(line)
    if (ended) final ??= ended
    else {
      const [, name, rest = ''] = /^[+^]([A-Z][A-Z0-9]{1,15}):\s*(.*)$/.exec(line) ?? []
      if (name !== undefined) lines.push({ name, values: valuesOf(rest) })
    }
  }
  if (!final && lines.length === 0) throw refusal('not-this-protocol', 'neither a result nor a line of a modem')
  return { final, lines }
}

function finalOf(line: string): Final | undefined {
  if (line === 'OK') return { is: 'ok' }
  if (line === 'ERROR') return { is: 'error' }
  const [, kind, code] = /^\+(CME|CMS) ERROR:\s*(\d{1,4})$/.exec(line) ?? []
  return kind === 'CME' || kind === 'CMS' ? { is: kind, code: Number(code) } : undefined
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

/** 3GPP TS 27.007 §9.2 and 27.005 §3.2.5: what an installer meets. */
export const MEANINGS: Readonly<Record<'CME' | 'CMS', Readonly<Record<number, string>>>> = {
  CME: {
    3: 'operation not allowed',
    4: 'operation not supported',
    10: 'SIM not inserted',
    11: 'SIM PIN required',
    12: 'SIM PUK required',
    13: 'SIM failure',
    14: 'SIM busy',
    15: 'SIM wrong',
    16: 'incorrect password',
    30: 'no network service',
    31: 'network timeout',
    32: 'network not allowed - emergency calls only',
    100: 'unknown',
  },
  CMS: {
    38: 'network out of order',
    300: 'ME failure',
    301: 'SMS service of ME reserved',
    302: 'operation not allowed',
    303: 'operation not supported',
    304: 'invalid PDU mode parameter',
    310: 'SIM not inserted',
    311: 'SIM PIN required',
    313: 'SIM failure',
    314: 'SIM busy',
    321: 'invalid memory index',
    322: 'memory full',
    330: 'SMSC address unknown',
    331: 'no network service',
    332: 'network timeout',
    500: 'unknown error',
  },
}

import type { Point } from './store.ts'

export type Parsed =
  | { readonly ok: true; readonly points: readonly Point[] }
  | { readonly ok: false; readonly why: string }

/** Ids only: our lines have no way to need an escape outside a text. */
const HEAD = /^([a-z_]+)((?:,[a-z_]+=[A-Za-z0-9-]+)*) /
const FIELD = /^([a-z_]+)=/
const TIME = /^ (-?\d+)$/
const FLOAT = /^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?/
const nanosecondsMax = 9_223_372_036_854_775_806n

/** One line that cannot be read, and none is stored: so does InfluxDB. */
export function parseLines(body: string): Parsed {
  const points: Point[] = []
  const failures: string[] = []
  for (const line of linesIn(body)) {
    const point = parseLine(line)
    if (typeof point === 'string') failures.push(`unable to parse '${line}': ${point}`)
    else points.push(point)
  }
  return failures.length === 0 ? { ok: true, points } : { ok: false, why: failures.join('\n') }
}

/** A newline inside a text is part of it. */
function linesIn(body: string): string[] {
  const lines: string[] = []
  let start = 0
  let inText = false
  for (let i = 0; i < body.length; i++) {
    if (body[i] === '\\' && inText) i++
    else if (body[i] === '"') inText = !inText
    else if (body[i] === '\n' && !inText) {
      lines.push(body.slice(start, i))
      start = i + 1
    }
  }
  if (start < body.length) lines.push(body.slice(start))
  // A comment is none of the points.
  return lines.filter((line) => line !== '' && !line.startsWith('#'))
}

function parseLine(line: string): Point | string {
  const head = HEAD.exec(line)
  if (!head) return /^[^ ]+ /.test(line) ? 'invalid tag format' : 'missing fields'
  const rest = line.slice(head[0].length)
  const field = FIELD.exec(rest)
  if (!field) return 'invalid field format'
  const value = valueIn(rest.slice(field[0].length))
  if (!value) return 'missing field value'
  const time = TIME.exec(value.rest)?.[1]
  if (time === undefined) return 'bad timestamp'
  const nanoseconds = BigInt(time) * 1_000_000n
  if (nanoseconds > nanosecondsMax || nanoseconds < -nanosecondsMax)
    return `time outside range ${-nanosecondsMax} - ${nanosecondsMax}`
  const tags = Object.fromEntries(
    (head[2] ?? '')
      .split(',')
      .slice(1)
      .map((tag) => tag.split('=')),
  ) as Record<string, string>
  return { measurement: head[1] ?? '', tags, field: field[1] ?? '', ...value, at: Number(time) }
}

function valueIn(text: string): (Pick<Point, 'type' | 'value'> & { rest: string }) | undefined {
  if (text.startsWith('"')) {
    let value = ''
    for (let i = 1; i < text.length; i++) {
      const char = text[i] as string
      if (char === '"') return { type: 'string', value, rest: text.slice(i + 1) }
      const next = text[i + 1]
      if (char === '\\' && (next === '"' || next === '\\')) value += text[++i]
      else value += char
    }
    return undefined
  }
  const digits = FLOAT.exec(text)?.[0]
  if (digits === undefined) return undefined
  const rest = text.slice(digits.length)
  return rest.startsWith('i')
    ? { type: 'integer', value: Number(digits), rest: rest.slice(1) }
    : { type: 'float', value: Number(digits), rest }
}

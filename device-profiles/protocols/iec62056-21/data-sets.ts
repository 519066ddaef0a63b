import { DomainError } from '@anju/contract'

/** What stands between `(` and `)`. */
export interface Group {
  /** As printed, without the blanks some meters pad with. */
  readonly value: string
  readonly unit: string | undefined
}
/** One data set (§6.6): `address(value*unit)`, sometimes with more groups behind or on the next line. */
export interface DataSet extends Group {
  readonly address: string
  /** The groups behind the first one. */
  readonly more: readonly Group[]
}

const dataSetsMax = 2_000
const addressCharsMax = 32
/** A load profile is one data set: a row of values for each quarter of an hour. */
const groupsMax = 4_096

export interface DataLines {
  readonly sets: readonly DataSet[]
  /** Lines that are no data sets, in their number: a checked message may carry a maker's own text. */
  readonly foreignLines: number
}

interface OpenSet extends DataSet {
  readonly more: Group[]
}

/**
 * Reads the lines of a readout. @throws DomainError `frame-malformed` when it holds more than a meter says, or, without a
 * checksum to vouch for it (`strict`), any line that is no data set.
 */
export function readDataSets(data: string, { strict }: { readonly strict: boolean }): DataLines {
  const sets: OpenSet[] = []
  let foreignLines = 0
  let lineEnd = -1
  for (let at = 0; at < data.length; at = lineEnd + 1) {
    lineEnd = endOfLine(data, at)
    if (lineEnd === at) continue
    const known = sets.length
    if (!readLine(data, at, lineEnd, sets)) {
      sets.length = known
      const line = data.slice(at, lineEnd)
      if (line.trim() === '') continue
      if (strict) throw new DomainError('frame-malformed', `no data set: ${JSON.stringify(line.slice(0, 40))}`)
      foreignLines++
      continue
    }
    const last = sets[known - 1]
    if (last) joinNameless(last, sets, known)
    if (sets.length > dataSetsMax || (last && last.more.length >= groupsMax))
      throw new DomainError('frame-malformed', `more than ${dataSetsMax} data sets, or ${groupsMax} groups in one`)
  }
  return { sets, foreignLines }
}

/** The first set of each address: a meter that repeats one lists its history behind it. */
export function firstOfEach(sets: readonly DataSet[]): ReadonlyMap<string, DataSet> {
  const first = new Map<string, DataSet>()
  for (const set of sets) if (!first.has(set.address)) first.set(set.address, set)
  return first
}

function endOfLine(data: string, from: number): number {
  let at = from
  while (at < data.length && data.charCodeAt(at) !== CR && data.charCodeAt(at) !== LF) at++
  return at
}

/** DSMR 2 prints the gas value on a line of its own, without an address: it belongs to the set before. */
function joinNameless(last: OpenSet, sets: OpenSet[], at: number): void {
  const set = sets[at]
  if (set?.address !== '') return
  last.more.push({ value: set.value, unit: set.unit }, ...set.more)
  sets.splice(at, 1)
}

const CR = 0x0d
const LF = 0x0a
const OPEN = 0x28
const CLOSE = 0x29
const STAR = 0x2a
const SLASH = 0x2f
const BANG = 0x21

/** False when the line is anything but data sets from end to end; what of it was put to the sets is then the caller's to take away. */
function readLine(data: string, from: number, to: number, sets: OpenSet[]): boolean {
  const known = sets.length
  let begin = from
  let open = -1
  let star = -1
  for (let at = from; at < to; at++) {
    const char = data.charCodeAt(at)
    // Digits and letters: all the others that mean something stand in front of them.
    if (char > SLASH) continue
    if (char === STAR && star < 0) star = at
    if (char === OPEN) {
      if (open >= 0) return false
      open = at
      star = -1
    } else if (char === CLOSE) {
      if (open < 0) return false
      const address = trimmed(data, begin, open)
      if (address.length > addressCharsMax) return false
      const value = trimmed(data, open + 1, star < 0 ? at : star)
      const unit = star < 0 ? undefined : trimmed(data, star + 1, at)
      const last = address === '' && sets.length > known ? sets.at(-1) : undefined
      if (last) last.more.push({ value, unit })
      else sets.push({ address, value, unit, more: [] })
      if (last && last.more.length >= groupsMax) return false
      begin = at + 1
      open = -1
    } else if ((char === SLASH || char === BANG) && open < 0) return false
  }
  return open < 0 && sets.length > known && (begin === to || data.slice(begin, to).trim() === '')
}

/** Most is printed without blanks, which a look at both ends tells. */
function trimmed(data: string, from: number, to: number): string {
  const text = data.slice(from, to)
  return isPrinted(text.charCodeAt(0)) && isPrinted(text.charCodeAt(text.length - 1)) ? text : text.trim()
}
const isPrinted = (char: number): boolean => char > 0x20 && char < 0x7f

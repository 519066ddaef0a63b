import { DomainError } from '@anju/contract'

/** One data set (§6.6): `address(value*unit)`, sometimes with more groups behind or on the next line. */
export interface DataSet {
  readonly address: string
  /** As printed, without the blanks some meters pad with. */
  readonly value: string
  readonly unit?: string
  /** The groups behind the first one. */
  readonly more: readonly Group[]
}
export interface Group {
  readonly value: string
  readonly unit?: string
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

/**
 * Reads the lines of a readout. @throws DomainError `frame-malformed` when it holds more than a meter says, or, without a
 * checksum to vouch for it (`strict`), any line that is no data set.
 */
export function readDataSets(data: string, { strict }: { readonly strict: boolean }): DataLines {
  const sets: { address: string; groups: Group[] }[] = []
  let foreignLines = 0
  for (const line of data.split(/[\r\n]+/)) {
    if (line.trim() === '') continue
    const found = setsOf(line)
    if (!found) {
      if (strict) throw new DomainError('frame-malformed', `no data set: ${JSON.stringify(line.slice(0, 40))}`)
      foreignLines++
      continue
    }
    for (const set of found) {
      const last = sets.at(-1)
      // DSMR 2 prints the gas value on a line of its own, without an address: it belongs to the set before.
      if (set.address === '' && last) last.groups.push(...set.groups)
      else sets.push(set)
      if (sets.length > dataSetsMax || (last?.groups.length ?? 0) > groupsMax)
        throw new DomainError('frame-malformed', `more than ${dataSetsMax} data sets, or ${groupsMax} groups in one`)
    }
  }
  return {
    foreignLines,
    sets: sets.map(({ address, groups }) => {
      const [first = { value: '' }, ...more] = groups
      return { address, ...first, more }
    }),
  }
}

/** Undefined when the line is anything but data sets from end to end. */
function setsOf(line: string): { address: string; groups: Group[] }[] | undefined {
  const sets: { address: string; groups: Group[] }[] = []
  let at = 0
  while (at < line.length) {
    const open = line.indexOf('(', at)
    if (open < 0) return line.slice(at).trim() === '' && sets.length > 0 ? sets : undefined
    const close = line.indexOf(')', open)
    if (close < 0) return undefined
    const address = line.slice(at, open).trim()
    if (address.length > addressCharsMax || /[)/!]/.test(address)) return undefined
    const inside = line.slice(open + 1, close)
    if (inside.includes('(')) return undefined
    const last = sets.at(-1)
    if (address === '' && last) last.groups.push(groupOf(inside))
    else sets.push({ address, groups: [groupOf(inside)] })
    if ((sets.at(-1)?.groups.length ?? 0) > groupsMax) return undefined
    at = close + 1
  }
  return sets.length > 0 ? sets : undefined
}

function groupOf(inside: string): Group {
  const star = inside.indexOf('*')
  if (star < 0) return { value: inside.trim() }
  return { value: inside.slice(0, star).trim(), unit: inside.slice(star + 1).trim() }
}

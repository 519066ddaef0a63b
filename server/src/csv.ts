import { TextDecoder } from 'node:util'
import { DomainError } from '@anju/contract'
import { parse } from 'csv-parse/sync'

/**
 * Lists as people export them: UTF-8 with or without a mark, or GBK; any line ends; cells in quotes, with line breaks in them.
 * What cannot be read is said of its own line, and the next line is read as if nothing had been: one stray quotation mark must
 * not swallow the rest of a city.
 */

export type Encoding = 'utf-8' | 'gb18030'
export type CsvItem =
  | {
      readonly is: 'row' /** Of the file, from 1: where it begins. */
      readonly line: number
      readonly cells: readonly string[]
    }
  | { readonly is: 'broken'; readonly line: number; readonly why: 'quote' | 'too-long' }

export interface Csv {
  /** In the order of their lines, a few hundred at a time; empty lines are left out. */
  readonly items: AsyncIterable<readonly CsvItem[]>
  /** Known for sure when the first character outside of ASCII has been read. */
  readonly encoding: Encoding
}

const itemsAtOnceMax = 250
/** A cell that goes on for more lines than this has lost its closing quotation mark. */
const recordLinesMax = 20
const lineCharsMax = 32_768
/** Read on past the first byte outside of ASCII before its encoding is judged: two characters of GBK may look like UTF-8. */
const judgedBytesMin = 4_096

/** @throws DomainError `request-malformed` for what is no text of ours at all. */
export function readCsv(source: AsyncIterable<Uint8Array>): Csv {
  const decoding = new Decoding()
  return {
    items: itemsOf(decoding.textOf(source)),
    get encoding() {
      return decoding.encoding
    },
  }
}

class Decoding {
  encoding: Encoding = 'utf-8'

  async *textOf(source: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
    let decoder: TextDecoder | undefined
    let unjudged: Uint8Array = new Uint8Array()
    let isStart = true
    for await (const chunk of source) {
      if (decoder) {
        yield decoder.decode(chunk, { stream: true })
        continue
      }
      unjudged = unjudged.length === 0 ? chunk : Buffer.concat([unjudged, chunk])
      if (isStart && unjudged.length < 4) continue
      if (isStart) refuseOtherFiles(unjudged)
      isStart = false
      const foreign = unjudged.findIndex((byte) => byte > 127)
      if (foreign >= 0 && unjudged.length - foreign < judgedBytesMin) continue
      if (foreign >= 0) decoder = this.#judge(unjudged.subarray(foreign))
      yield (decoder ?? new TextDecoder()).decode(unjudged, { stream: decoder !== undefined })
      unjudged = new Uint8Array()
    }
    if (unjudged.length > 0) {
      refuseOtherFiles(unjudged)
      decoder = this.#judge(unjudged)
      yield decoder.decode(unjudged, { stream: true })
    }
    if (decoder) yield decoder.decode()
  }

  #judge(bytes: Uint8Array): TextDecoder {
    try {
      // `stream`: a character cut off by the end of the window is none that is wrong.
      new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true })
    } catch {
      this.encoding = 'gb18030'
    }
    return new TextDecoder(this.encoding)
  }
}

function refuseOtherFiles(start: Uint8Array): void {
  const [first = 0, second = 0] = start
  if (first + second === 0xff + 0xfe && (first === 0xff || first === 0xfe))
    throw new DomainError('request-malformed', 'the file is in UTF-16: save it as CSV in UTF-8')
  if (first === 0x50 && second === 0x4b && start[2] === 3)
    throw new DomainError('request-malformed', 'the file is a workbook (xlsx): save its sheet as CSV in UTF-8')
}

async function* itemsOf(texts: AsyncIterable<string>): AsyncGenerator<readonly CsvItem[]> {
  const framing = new Framing()
  let rest = ''
  for await (const text of texts) {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    // Kept as what shows that it is too long, however much of it there is.
    if (rest.length > lineCharsMax) rest = rest.slice(0, lineCharsMax + 1)
    for (const line of lines) {
      framing.line(line)
      if (framing.waiting >= itemsAtOnceMax) yield framing.take()
    }
  }
  if (rest !== '') framing.line(rest)
  framing.end()
  yield framing.take()
}

interface Framed {
  readonly line: number
  readonly text: string
}

/** Lines become records: a line belongs to the one before while a quotation mark is open there. */
class Framing {
  #count = 0
  #open: string[] = []
  #openFrom = 0
  #marksAreOdd = false
  #records: Framed[] = []
  #items: CsvItem[] = []

  get waiting(): number {
    return this.#records.length + this.#items.length
  }

  line(text: string): void {
    this.#count++
    this.#line(text.endsWith('\r') ? text.slice(0, -1) : text, this.#count)
  }

  end(): void {
    while (this.#open.length > 0) this.#again('quote')
  }

  take(): CsvItem[] {
    this.#parse()
    return this.#items.splice(0)
  }

  #line(text: string, number: number): void {
    const first = number === 1 && text.startsWith('\uFEFF') ? text.slice(1) : text
    if (this.#open.length === 0) {
      if (first.trim() === '') return
      if (first.length > lineCharsMax) return this.#broken(number, 'too-long')
      this.#openFrom = number
    }
    this.#open.push(first)
    if (marksIn(first) % 2 === 1) this.#marksAreOdd = !this.#marksAreOdd
    if (this.#marksAreOdd) {
      if (this.#open.length >= recordLinesMax || first.length > lineCharsMax) this.#again('quote')
      return
    }
    this.#closed()
  }

  #closed(): void {
    const record = { line: this.#openFrom, text: this.#open.join('\n') }
    if (this.#open.length === 1) {
      this.#forget()
      this.#records.push(record)
      return
    }
    // Over several lines: it may be one cell with line breaks in it, or two stray marks with sound rows between them.
    const cells = cellsOf(record.text)
    if (!cells) return this.#again('quote')
    this.#forget()
    this.#parse()
    this.#items.push({ is: 'row', line: record.line, cells })
  }

  /** The first line is what is broken; those after it are read as if they stood alone. */
  #again(why: 'quote'): void {
    const [, ...after] = this.#open
    const from = this.#openFrom
    this.#forget()
    this.#broken(from, why)
    after.forEach((text, index) => this.#line(text, from + 1 + index))
  }

  #broken(line: number, why: 'quote' | 'too-long'): void {
    this.#parse()
    this.#items.push({ is: 'broken', line, why })
  }

  #forget(): void {
    this.#open = []
    this.#marksAreOdd = false
  }

  /** Together, because setting the parser up costs more than a row; one by one when one of them is no row. */
  #parse(): void {
    const records = this.#records.splice(0)
    if (records.length === 0) return
    const together = rowsOf(records.map(({ text }) => text).join('\n'))
    records.forEach(({ line, text }, index) => {
      const cells = together?.length === records.length ? together[index] : cellsOf(text)
      this.#items.push(cells ? { is: 'row', line, cells } : { is: 'broken', line, why: 'quote' })
    })
  }
}

function marksIn(line: string): number {
  let count = 0
  for (let at = line.indexOf('"'); at >= 0; at = line.indexOf('"', at + 1)) count++
  return count
}

function rowsOf(text: string): string[][] | undefined {
  try {
    return parse(text, { record_delimiter: '\n', relax_column_count: true })
  } catch {
    return undefined
  }
}

function cellsOf(text: string): string[] | undefined {
  const rows = rowsOf(text)
  return rows?.length === 1 ? rows[0] : undefined
}

/** As people write a heading: width, case, blanks, dashes and brackets make no difference. */
export const headingKey = (heading: string): string =>
  heading
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[\s_\-()（）./:*]/g, '')

/**
 * Where the columns of a small list are, by what they may be called; `undefined` for one the file does not have.
 * @throws DomainError `request-malformed` for a heading nobody knows, a double one, or a needed one that is missing.
 */
export function columnsOf<K extends string>(
  headings: readonly string[],
  names: Readonly<Record<K, readonly string[]>>,
  needed: readonly NoInfer<K>[],
): Readonly<Record<K, number | undefined>> {
  const keys = Object.keys(names) as K[]
  const at = Object.fromEntries(keys.map((key) => [key, undefined])) as Record<K, number | undefined>
  headings.forEach((heading, index) => {
    const key = keys.find((one) => names[one].some((name) => headingKey(name) === headingKey(heading)))
    if (key === undefined)
      throw new DomainError('request-malformed', `heading "${heading.slice(0, 60)}": is none that is known`)
    if (at[key] !== undefined) throw new DomainError('request-malformed', `heading "${heading}": stands twice`)
    at[key] = index
  })
  for (const key of needed)
    if (at[key] === undefined) throw new DomainError('request-malformed', `heading "${names[key][0]}": is missing`)
  return at
}

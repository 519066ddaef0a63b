/** One dispatched server-sent event; `id` is the last one the stream has named, or null before any. */
export interface StreamEvent {
  readonly id: string | null
  readonly event: string
  /** Null for a block that only names an id: where the stream stands, and nothing else. */
  readonly data: string | null
}

/** An event larger than this is no event of ours: the stream is given up rather than the page's memory. */
export const eventCharsMax = 1_048_576

/**
 * Reads `text/event-stream` (WHATWG HTML §9.2.6) from text in pieces of any size. Beyond the
 * standard a block that names only an id is returned, too. Comments are heartbeats: they say that the line lives.
 * @throws Error when one event is longer than `eventCharsMax`.
 */
export class EventStreamReader {
  #rest = ''
  #event = ''
  #data: string[] = []
  #dataChars = 0
  /** The id named by the event being read; it counts only once that event is dispatched. */
  #id: string | null = null
  #named = false
  #afterCarriageReturn = false

  push(piece: string): StreamEvent[] {
    const events: StreamEvent[] = []
    let text = this.#rest + piece
    // A line feed that belongs to a carriage return of the piece before is not an empty line of its own.
    if (this.#afterCarriageReturn && text.startsWith('\n')) text = text.slice(1)
    if (piece.length > 0) this.#afterCarriageReturn = false
    for (;;) {
      const end = text.search(/[\r\n]/)
      if (end < 0) break
      const line = text.slice(0, end)
      const isPair = text[end] === '\r' && text[end + 1] === '\n'
      this.#afterCarriageReturn = text[end] === '\r' && end + 1 === text.length
      text = text.slice(end + (isPair ? 2 : 1))
      const event = this.#line(line)
      if (event) events.push(event)
    }
    if (text.length > eventCharsMax) throw new Error(`a line of the live stream is longer than ${eventCharsMax}`)
    this.#rest = text
    return events
  }

  #line(line: string): StreamEvent | undefined {
    if (line === '') return this.#dispatch()
    if (line.startsWith(':')) return undefined
    const colon = line.indexOf(':')
    const field = colon < 0 ? line : line.slice(0, colon)
    const raw = colon < 0 ? '' : line.slice(colon + 1)
    const value = raw.startsWith(' ') ? raw.slice(1) : raw
    if (field === 'event') this.#event = value
    else if (field === 'id' && !value.includes('\0')) {
      this.#id = value
      this.#named = true
    } else if (field === 'data') {
      this.#dataChars += value.length
      if (this.#dataChars > eventCharsMax)
        throw new Error(`an event of the live stream is longer than ${eventCharsMax}`)
      this.#data.push(value)
    }
    return undefined
  }

  #dispatch(): StreamEvent | undefined {
    const data = this.#data.length === 0 ? null : this.#data.join('\n')
    const said = data !== null || this.#named
    const event = said ? { id: this.#id, event: this.#event || 'message', data } : undefined
    this.#event = ''
    this.#named = false
    this.#data = []
    this.#dataChars = 0
    return event
  }
}

/** One item of the stream as bytes, made once however many consoles it goes to. */
export interface Frame {
  readonly id: number
  readonly bytes: Buffer
}

/** `data` is the item's JSON without `prev`, as it was stored; ids are dense, so the one before is the number before. */
export function frameOf(id: number, event: string, data: string): Frame {
  const prev = id > 1 ? `"${id - 1}"` : 'null'
  const rest = data === '{}' ? '' : `,${data.slice(1, -1)}`
  return { id, bytes: Buffer.from(`id: ${id}\nevent: ${event}\ndata: {"prev":${prev}${rest}}\n\n`) }
}

/** An item outside the numbered stream. */
export const unnumbered = (event: string, data: object): Buffer =>
  Buffer.from(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)

/** Tells a reader where the stream stands without telling it anything else: a block without data is not dispatched. */
export const position = (id: number): Buffer => Buffer.from(`id: ${id}\n\n`)

export const resetAt = (id: number): Buffer => Buffer.from(`id: ${id}\nevent: reset\ndata: {"prev":null}\n\n`)

/** A comment: keeps proxies and the reader's watchdog awake. */
export const HEARTBEAT = Buffer.from(': alive\n\n')

import type { LiveItem } from '@anju/contract/api'
import type { Api } from './api.ts'
import { slowness, until } from './wait.ts'

export type HeardItem = LiveItem & { readonly id: string | null; readonly at: number }

/** A console's live stream: everything it heard, in order, with the moment it was heard (`performance.now()`). */
export interface Live {
  readonly items: readonly HeardItem[]
  lastId(): string | null
  waitFor<T extends HeardItem>(what: string, match: (item: HeardItem) => item is T, withinMs?: number): Promise<T>
  first(what: string, match: (item: HeardItem) => boolean, withinMs?: number): Promise<HeardItem>
  close(): void
}

/** Opens `/api/v1/live` and resolves once the server has answered it. */
export async function listen(api: Api, lastEventId?: string): Promise<Live> {
  const abort = new AbortController()
  const answer = await fetch(`${api.base}/api/v1/live`, {
    headers: {
      cookie: api.cookie,
      accept: 'text/event-stream',
      ...(lastEventId ? { 'last-event-id': lastEventId } : {}),
    },
    signal: abort.signal,
  })
  if (answer.status !== 200 || !answer.body) throw new Error(`live stream: ${answer.status} ${await answer.text()}`)
  const items: HeardItem[] = []
  const listeners = new Set<() => void>()
  void read(answer.body, (block) => {
    const item = parse(block)
    if (!item) return
    items.push(item)
    for (const listener of listeners) listener()
  }).catch(() => undefined)

  const first = async (what: string, match: (item: HeardItem) => boolean, withinMs = 10_000): Promise<HeardItem> => {
    const patienceMs = withinMs * slowness
    const end = performance.now() + patienceMs
    for (;;) {
      const found = items.find(match)
      if (found) return found
      const left = end - performance.now()
      if (left <= 0) throw new Error(`live stream: no ${what} within ${patienceMs} ms; heard ${summary(items)}`)
      await new Promise<void>((resolve) => {
        const done = () => {
          clearTimeout(timer)
          listeners.delete(done)
          resolve()
        }
        const timer = setTimeout(done, left)
        listeners.add(done)
      })
    }
  }
  return {
    items,
    lastId: () => items.findLast(({ id }) => id !== null)?.id ?? null,
    waitFor: async (what, match, withinMs) => (await first(what, match, withinMs)) as never,
    first,
    close: () => abort.abort(),
  }
}

async function read(body: ReadableStream<Uint8Array>, block: (text: string) => void): Promise<void> {
  const decoder = new TextDecoder()
  let pending = ''
  for await (const chunk of body) {
    pending += decoder.decode(chunk, { stream: true })
    for (let end = pending.indexOf('\n\n'); end >= 0; end = pending.indexOf('\n\n')) {
      block(pending.slice(0, end))
      pending = pending.slice(end + 2)
    }
  }
}

function parse(block: string): HeardItem | undefined {
  let event = ''
  let id: string | null = null
  let data = ''
  for (const line of block.split('\n')) {
    if (line.startsWith('event:')) event = line.slice(6).trim()
    else if (line.startsWith('id:')) id = line.slice(3).trim()
    else if (line.startsWith('data:')) data += line.slice(5).trim()
  }
  if (!event || !data) return undefined
  return { event, data: JSON.parse(data), id, at: performance.now() } as HeardItem
}

const summary = (items: readonly HeardItem[]): string =>
  items
    .slice(-10)
    .map(({ event, id }) => `${event}#${id ?? '-'}`)
    .join(' ') || 'nothing'

/** Whether the numbered items are without gap or duplicate: each names the one before it. */
export function chainBreaks(items: readonly HeardItem[]): string[] {
  const numbered = items.filter(({ id }) => id !== null)
  return numbered
    .map((item, index) => ({ item, before: numbered[index - 1] }))
    .filter(({ item, before }) => before && item.data.prev !== before.id)
    .map(({ item, before }) => `#${item.id} names ${item.data.prev}, heard after #${before?.id}`)
}

/** Resolves when the stream has said what the server knows of an alarm. */
export const alarmOn = (live: Live, id: string, withinMs = 5_000): Promise<HeardItem> =>
  until(
    `alarm ${id} on the live stream`,
    () => live.items.find((item) => item.event === 'alarm' && item.data.alarm.id === id),
    { withinMs, everyMs: 2 },
  )

import type { Text } from '../i18n/locale.tsx'

/** A sentence that is put into words when it is shown: in the language chosen by then. */
export type Sentence = (t: Text) => string
export interface Message {
  readonly id: number
  readonly text: Sentence
  readonly tone: 'plain' | 'problem'
  readonly at: number
}

const shownForMs = 10_000
const messagesMax = 4

/** Short sentences for the operator: what was refused and why, what came back. They leave by themselves. */
export class Messages {
  #items: readonly Message[] = []
  #next = 1
  readonly #now: () => number
  readonly #listeners = new Set<() => void>()

  constructor(now: () => number) {
    this.#now = now
  }

  readonly view = (): readonly Message[] => this.#items
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  say(text: Sentence, tone: Message['tone'] = 'plain'): void {
    this.#set([...this.#items, { id: this.#next++, text, tone, at: this.#now() }].slice(-messagesMax))
  }

  dismiss(id: number): void {
    this.#set(this.#items.filter((item) => item.id !== id))
  }

  /** Once a second. */
  expire(): void {
    const since = this.#now() - shownForMs
    if (this.#items.some(({ at }) => at < since)) this.#set(this.#items.filter(({ at }) => at >= since))
  }

  #set(items: readonly Message[]): void {
    this.#items = items
    for (const listener of this.#listeners) listener()
  }
}

import type { Alarm, AlarmCommandAnswer, Lease } from '@anju/contract/api'

/** A lease lives 60 s; renewed four times in that span it survives three lost answers. */
const renewEveryMs = 15_000
const retryEveryMs = 5_000

interface Held {
  readonly token: string
  /** The alarm's version when the token was given: an older copy of the alarm says nothing about it. */
  readonly version: number
  readonly beatAt: number
}

interface Ports {
  readonly now: () => number
  readonly renew: (alarmId: string, token: string) => Promise<AlarmCommandAnswer>
  /** Whether the refusal means that the lease is over, rather than that no answer came. */
  readonly isOver: (error: unknown) => boolean
  readonly remember: (text: string | null) => void
  readonly onAnswer: (alarm: Alarm) => void
  readonly onLost: (alarmId: string) => void
}

/** The fencing tokens of the alarms this seat holds, renewed while the page lives. */
export class LeaseKeeper {
  readonly #ports: Ports
  readonly #held = new Map<string, Held>()

  /** `remembered` is what `remember` was last given: a reloaded page goes on holding what it held. */
  constructor(ports: Ports, remembered: string | null) {
    this.#ports = ports
    for (const [id, token] of tokensIn(remembered)) this.#held.set(id, { token, version: 0, beatAt: 0 })
  }

  token(alarmId: string): string | undefined {
    return this.#held.get(alarmId)?.token
  }

  /** Takes what a command answered: the lease we hold now, or that we hold none. */
  settle(alarm: Alarm, lease: Lease | null): void {
    if (lease) this.#held.set(alarm.id, { token: lease.token, version: alarm.version, beatAt: this.#ports.now() })
    else this.#held.delete(alarm.id)
    this.#save()
  }

  /** An alarm as the stream says it is now. Returns true when a lease of ours ended by another's hand. */
  heard(alarm: Alarm, session: string): boolean {
    const held = this.#held.get(alarm.id)
    if (!held || alarm.version <= held.version || alarm.owner?.session === session) return false
    this.#held.delete(alarm.id)
    this.#save()
    return true
  }

  /** Once a second. */
  async beat(): Promise<void> {
    const now = this.#ports.now()
    const due = [...this.#held].filter(([, { beatAt }]) => now - beatAt >= renewEveryMs)
    await Promise.all(due.map(([id, held]) => this.#renew(id, held, now)))
  }

  async #renew(id: string, held: Held, now: number): Promise<void> {
    this.#held.set(id, { ...held, beatAt: now })
    try {
      const { alarm, lease } = await this.#ports.renew(id, held.token)
      // Released or closed while the answer was under way: it is not ours to take up again.
      if (this.#held.get(id)?.token !== held.token) return
      this.settle(alarm, lease)
      this.#ports.onAnswer(alarm)
    } catch (error) {
      const current = this.#held.get(id)
      if (current?.token !== held.token) return
      if (this.#ports.isOver(error)) {
        this.#held.delete(id)
        this.#save()
        this.#ports.onLost(id)
      } else this.#held.set(id, { ...current, beatAt: now - renewEveryMs + retryEveryMs })
    }
  }

  #save(): void {
    const tokens = Object.fromEntries([...this.#held].map(([id, { token }]) => [id, token]))
    this.#ports.remember(this.#held.size === 0 ? null : JSON.stringify(tokens))
  }
}

function tokensIn(remembered: string | null): [string, string][] {
  if (remembered === null) return []
  try {
    const parsed: unknown = JSON.parse(remembered)
    if (typeof parsed !== 'object' || parsed === null) return []
    return Object.entries(parsed).filter((entry): entry is [string, string] => typeof entry[1] === 'string')
  } catch {
    return []
  }
}

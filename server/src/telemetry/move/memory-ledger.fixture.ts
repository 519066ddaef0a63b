import { DomainError } from '@anju/contract'
import type { MoveLedger, MoveState } from './ledger.ts'

/** What PostgreSQL keeps for every process, in memory: `sight()` is one process's own. */
export class MemoryLedger {
  state: MoveState | undefined
  run = 0
  before: (step: string) => void = () => undefined

  sight(): MoveLedger {
    let mine = 0
    return {
      last: () => {
        this.before('last')
        return Promise.resolve(this.state)
      },
      take: (state) => {
        this.before('take')
        this.state = state
        mine = ++this.run
        return Promise.resolve()
      },
      save: (state) => {
        this.before('save')
        if (mine !== this.run) return Promise.reject(new DomainError('request-malformed', 'another process'))
        this.state = state
        return Promise.resolve()
      },
    }
  }
}

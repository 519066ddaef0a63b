import { userInfo } from 'node:os'
import { noteCommand } from '../audit/audit.ts'
import type { Keeper, Kept } from '../people/keeping.ts'
import { fromCommandLine } from './account.ts'
import { say } from './say.ts'

/** Whoever started this command. */
export function commandLine(): Keeper {
  const by = nameOnThisMachine()
  return {
    actor: { kind: 'system', part: 'cli' },
    note: (tx, centre, change) => noteCommand(tx, { centre, by, agent: fromCommandLine.agent }, change),
  }
}

function nameOnThisMachine(): string {
  try {
    return userInfo().username
  } catch {
    // A container may run under a number that has no name.
    return `user ${process.getuid?.() ?? 'without a name'}`
  }
}

export function tell(what: string, kept: Kept): void {
  say(kept.is === 'changed' ? `${what}: changed ${kept.changed.join(', ')}` : `${what}: ${kept.is}`)
}

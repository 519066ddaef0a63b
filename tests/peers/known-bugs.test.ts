import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { repositoryRoot } from '../harness/root.ts'

/**
 * What went wrong in others' systems, and the tests that show it cannot here. A test that is renamed or removed is missed: where
 * somebody else once fell, nobody takes the fence away without a look.
 */
const bugs: readonly {
  readonly peer: string
  readonly bug: string
  readonly shown: Readonly<Record<string, string>>
}[] = [
  {
    peer: 'ThingsBoard',
    bug: 'schedules are an hour off on the days when clocks are set, and inactive at exactly midnight',
    shown: {
      'server/src/domain/roster/shift.test.ts':
        'a shift ends at midnight sharp, and the one that begins there is on duty at once',
      'tests/flows/reaching/clocks-change.integration.test.ts':
        'whoever is on call from midnight is on call at exactly midnight',
    },
  },
  {
    peer: 'ThingsBoard',
    bug: 'an alarm that comes again while somebody has it notifies nobody',
    shown: {
      'server/src/alarms/service.integration.test.ts':
        'a press on a claimed alarm re-alerts and counts, and leaves it with its holder',
      'server/src/alarms/fold.test.ts': 'an open alarm gets one more occurrence, and whoever holds it hears it again',
      'tests/flows/alarm/pressing-again.integration.test.ts':
        'pressed again while somebody of the centre is on the way: what they said was of the first press, and the centre is asked anew',
    },
  },
  {
    peer: 'GoAlert, OnCall',
    bug: 'a gateway that never called home raises nothing',
    shown: {
      'tests/peers/never-called.integration.test.ts': 'a gateway that was registered and never called home',
      'gateway/src/domain/domain.test.ts': 'a device that never spoke is silent after its deadline, once',
    },
  },
  {
    peer: 'Home Assistant',
    bug: 'a sensor that becomes unavailable ends its alarm',
    shown: {
      'server/src/domain/condition.test.ts': "['active', 'unheard', 'unknown']",
      'gateway/src/pipeline/pipeline.test.ts': 'raises a fall once, keeps it while it is silent, and returns it once',
    },
  },
  {
    peer: 'EdgeX, Telegraf',
    bug: 'a change of the configuration drops what was waiting to be sent',
    shown: {
      'tests/peers/config-change.integration.test.ts':
        'a gateway that starts with another centre and without the button that was pressed still delivers the press',
    },
  },
  {
    peer: 'ThingsBoard gateway',
    bug: 'a full queue drops the newest',
    shown: {
      'gateway/src/outbox/outbox.integration.test.ts':
        'when the store is full the oldest telemetry goes, recorded as a gap, and a press is still stored',
    },
  },
  {
    peer: 'ThingsBoard',
    bug: 'a request is marked as sent although every attempt failed',
    shown: {
      'server/src/notifications/sender.integration.test.ts': 'a channel that nobody serves fails at once',
      'server/src/notifications/ledger.integration.test.ts': 'a wave: what is asked, what is retried, and what failed',
    },
  },
  {
    peer: 'Alerta',
    bug: 'what ends a shelving is taken in any state',
    shown: { 'server/src/domain/handling.test.ts': 'every state has a row for every input' },
  },
  {
    peer: 'zigbee2mqtt',
    bug: 'a device that never stops talking is never heard, for each word puts off the last',
    shown: {
      'gateway/src/domain/domain.test.ts': 'held down at five a second is one press a second, not one for ever',
      'gateway/src/pipeline/pipeline.test.ts':
        'a presence repeated every second is kept twice a minute, and every change at once',
      'gateway/src/pipeline/hearing.test.ts':
        'a smoke detector that flickers for hours is said again every five minutes',
    },
  },
]

test.for(bugs)('$peer: $bug', ({ shown }) => {
  const missing = Object.entries(shown).filter(
    // A title in a comment shows nothing; what is skipped is found by tests/architecture.
    ([file, title]) =>
      !readFileSync(join(repositoryRoot, file), 'utf8')
        .split('\n')
        .some((line) => line.includes(title) && !/^\s*(?:\/\/|\*|\/\*)/.test(line)),
  )
  expect(missing).toEqual([])
})

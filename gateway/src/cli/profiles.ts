import { definitionOf } from '@anju/contract'
import { profiles as known } from '@anju/device-profiles'

/** `gateway -- profiles`: every device we can read, one JSON line each. */
export async function profiles(argv: readonly string[], print: (line: string) => void = console.log): Promise<number> {
  if (argv.length > 0) {
    print(JSON.stringify({ refused: 'request-malformed', why: `profiles takes no arguments, got ${argv[0]}` }))
    return 2
  }
  for (const profile of known)
    print(
      JSON.stringify({
        id: profile.id,
        name: profile.name,
        driver: profile.driver,
        models: profile.models,
        serial: profile.serial,
        lostAfterS: profile.supervision.lostAfter / 1_000,
        points: Object.entries(profile.measures).map(([point, { quantity, name }]) => ({
          point,
          name,
          quantity,
          unit: definitionOf(quantity).unit,
        })),
        events: Object.entries(profile.events).map(([event, rule]) => ({ event, class: rule.class })),
        polls: profile.polls?.map(({ name, every }) => ({ name, everyS: every / 1_000 })),
        topic: profile.topic,
        options: profile.options,
        walkTest: profile.walkTest,
        wiring: profile.wiring,
        knownFaults: profile.knownFaults,
      }),
    )
  return 0
}
